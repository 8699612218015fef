// What the gateway adds to a call: throughput and latency beside a bare node:http reverse proxy to the same echo server, with
// the account and without (by how much these differ: gateway-account). Many short turns, so that what the machine does meanwhile falls on all alike.
//   npm run bench -- gateway-overhead [--rounds 12] [--seconds 2] [--callers 32]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'wattloop/maths';
import { cpuSecondsOf, echoGateway, freePort, load } from './support/gateway.js';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '2' },
    callers: { type: 'string', default: '32' },
  },
});
const [ROUNDS, SECONDS, CALLERS] = [values.rounds, values.seconds, values.callers].map(Number) as [
  number,
  number,
  number,
];
const BODY = Buffer.alloc(100, 'x');

interface Contender {
  readonly what: string;
  readonly url: string;
  readonly pid: number | undefined;
  readonly rates: number[];
  readonly medians: number[];
  readonly p99s: number[];
  readonly cpuMicroseconds: number[];
}

const contender = (what: string, url: string, pid?: number): Contender => ({
  ...{ what, url, pid },
  ...{ rates: [], medians: [], p99s: [], cpuMicroseconds: [] },
});

async function turn(one: Contender, callers: number): Promise<{ rate: number; p50: number; p99: number }> {
  const before = one.pid === undefined ? 0 : cpuSecondsOf(one.pid);
  const { total } = await load({
    durationSeconds: SECONDS,
    warmUpSeconds: 0.3,
    forAll: { arrival: 'closed', concurrency: callers, method: 'POST', body: BODY },
    functions: [{ name: one.what, url: one.url }],
  });
  if (total.failed > 0) throw new Error(`${one.what}: ${total.failed} calls failed`);
  const used = one.pid === undefined ? Number.NaN : cpuSecondsOf(one.pid) - before;
  if (callers > 1) one.cpuMicroseconds.push((used / ((total.sent * (SECONDS + 0.3)) / SECONDS)) * 1e6);
  return {
    rate: total.perSecond,
    p50: (total.service?.p50 ?? Number.NaN) * 1e3,
    p99: (total.service?.p99 ?? Number.NaN) * 1e3,
  };
}

const [on, off] = [await echoGateway(true), await echoGateway(false)];
const echoPort = await (await fetch(`${on.url}/function/echo/port`)).text();
const port = await freePort();
const proxy = spawn(process.execPath, [join(import.meta.dirname, 'support', 'bare-proxy.js')], {
  env: { ...process.env, PORT: String(port), TO: echoPort },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await once(proxy.stdout, 'data');

const direct = contender('echo server itself', `http://127.0.0.1:${echoPort}/`);
const bare = contender('bare node:http proxy', `http://127.0.0.1:${port}/`, proxy.pid);
const metered = contender('gateway, with the account', `${on.url}/function/echo`, on.pid);
const unmetered = contender('gateway, without', `${off.url}/function/echo`, off.pid);
const all = [direct, bare, metered, unmetered];

for (let round = -1; round < ROUNDS; round++) {
  // Each round in another order, so that none always comes after the same one.
  const order = all.map((_, index) => all[(index + Math.max(0, round)) % all.length] ?? direct);
  for (const one of order) {
    const many = await turn(one, CALLERS);
    const alone = await turn(one, 1);
    if (round < 0) continue;
    one.rates.push(many.rate);
    one.medians.push(alone.p50);
    one.p99s.push(alone.p99);
  }
}
proxy.kill();
await Promise.all([on.stop(), off.stop()]);
for (const one of [on, off]) one.remove();

const ratio = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((figure, index) => figure / (b[index] ?? Number.NaN)));
const rows: Row[] = all.map((one) => ({
  what: one.what,
  'calls/s': Math.round(median(one.rates)),
  'of the bare proxy': ratio(one.rates, bare.rates),
  'CPU us a call': one.pid === undefined ? undefined : median(one.cpuMicroseconds.slice(1)),
  'median ms, one caller': median(one.medians),
  'added to the bare proxy, ms': median(one.medians.map((ms, index) => ms - (bare.medians[index] ?? 0))),
  'p99 ms, one caller': median(one.p99s),
}));
publish(
  'gateway-overhead',
  `${ROUNDS} rounds of ${SECONDS} s, ${CALLERS} callers and one; medians of rounds.`,
  rows,
);
