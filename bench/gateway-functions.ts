// 1,000 functions of which few are active: how long the gateway takes to start, and what it costs while nobody calls.
//   npm run bench -- gateway-functions [--functions 1000] [--active 50] [--seconds 30]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BenchGateway, cpuSecondsOf, descendantsOf, residentMibOf } from './support/gateway.js';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    functions: { type: 'string', default: '1000' },
    active: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '30' },
  },
});
const [FUNCTIONS, ACTIVE, SECONDS] = [values.functions, values.active, values.seconds].map(Number) as [
  number,
  number,
  number,
];
const name = (n: number): string => `function-${String(n).padStart(4, '0')}`;

const SETTLE_SECONDS = 10;

async function cost(gateway: BenchGateway): Promise<{ own: number; account: number; replicas: number }> {
  // What was just started goes on with it for a while.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_SECONDS * 1e3));
  const pids = descendantsOf(gateway.pid);
  const account = pids.filter((pid) => isAccount(pid));
  const others = pids.filter((pid) => !account.includes(pid));
  const sum = (all: readonly number[]): number => all.reduce((total, pid) => total + safeCpu(pid), 0);
  const before = [safeCpu(gateway.pid), sum(account), sum(others)];
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1e3));
  const after = [safeCpu(gateway.pid), sum(account), sum(others)];
  const [own = 0, ofAccount = 0, replicas = 0] = after.map(
    (figure, index) => ((figure - (before[index] ?? 0)) / SECONDS) * 100,
  );
  return { own, account: ofAccount, replicas };
}

function isAccount(pid: number): boolean {
  try {
    return readCommand(pid).includes('account/process');
  } catch {
    return false;
  }
}

const readCommand = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const safeCpu = (pid: number): number => {
  try {
    return cpuSecondsOf(pid);
  } catch {
    return 0;
  }
};

const rows: Row[] = [];
const first = await BenchGateway.start();
for (let n = 0; n < FUNCTIONS; n++)
  await first.system('functions', { service: name(n), envProcess: 'cat', limits: { memory: '128Mi' } });
await first.stop();

const { folder } = first;
const again = await BenchGateway.start({ folder });
rows.push({
  what: `start-up with ${FUNCTIONS} functions`,
  figure: again.startSeconds,
  unit: 's to the first answer',
});
const idle = await cost(again);
rows.push({ what: 'gateway, no function active', figure: idle.own, unit: '% of a core' });
rows.push({ what: 'account, no function active', figure: idle.account, unit: '% of a core' });
await Promise.all(
  Array.from({ length: ACTIVE }, (_, n) => again.serves(name(n), { method: 'POST', body: 'x' })),
);
const warm = await cost(again);
rows.push({ what: `gateway, ${ACTIVE} functions warm`, figure: warm.own, unit: '% of a core' });
rows.push({ what: `account, ${ACTIVE} functions warm`, figure: warm.account, unit: '% of a core' });
rows.push({ what: `${ACTIVE} idle replicas`, figure: warm.replicas, unit: '% of a core' });
rows.push({ what: 'gateway, resident', figure: residentMibOf(again.pid), unit: 'MiB' });
await again.stop();
again.remove();
publish('gateway-functions', `${FUNCTIONS} functions, ${SECONDS} s each`, rows);
