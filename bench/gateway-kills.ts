// What random kills cost: replicas, and now and then the gateway itself, are killed (SIGKILL) while calls come. No accepted
// asynchronous call may be lost, no process stay behind, no database be damaged.
//   npm run bench -- gateway-kills [--kills 100] [--gateway-kills 10] [--rate 40] [--seed 1]
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { seededRandom } from 'wattloop/maths';
import { BenchGateway, descendantsOf, until } from './support/gateway.js';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    'gateway-kills': { type: 'string', default: '10' },
    rate: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  },
});
const [KILLS, GATEWAY_KILLS, RATE, SEED] = [
  values.kills,
  values['gateway-kills'],
  values.rate,
  values.seed,
].map(Number) as [number, number, number, number];
const random = seededRandom(SEED);
const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1e3));

const FUNCTIONS = ['one', 'two', 'three'];
const HANDLER = `export default async (event) => {
  const end = Date.now() + 20;
  while (Date.now() < end);
  await new Promise((done) => setTimeout(done, 50));
  return event.body;
};`;

const delivered = new Map<string, number>();
const callbacks = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const id = String(request.headers['x-call-id']);
    delivered.set(id, (delivered.get(id) ?? 0) + 1);
    response.end();
  });
}).listen(0, '127.0.0.1');
await new Promise((resolve) => callbacks.once('listening', resolve));
const callbackUrl = `http://127.0.0.1:${(callbacks.address() as AddressInfo).port}/`;

const isReplica = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('function-host');
  } catch {
    return false;
  }
};

let gateway = await BenchGateway.start({
  handlers: Object.fromEntries(FUNCTIONS.map((name) => [name, HANDLER])),
});
const { folder, listen } = gateway;
for (const name of FUNCTIONS) await gateway.serves(name, { method: 'POST', body: 'x' });

const accepted = new Set<string>();
const answers = new Map<string, number>();
const count = (what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);
const seen = new Set<number>();
let isOver = false;
let isDown = false;

async function callAsync(): Promise<void> {
  const name = FUNCTIONS[Math.floor(random.uniform() * FUNCTIONS.length)] ?? 'one';
  try {
    const answer = await fetch(`${gateway.url}/async-function/${name}`, {
      method: 'POST',
      body: 'async',
      headers: { 'x-callback-url': callbackUrl },
    });
    if (answer.status === 202) accepted.add(answer.headers.get('x-call-id') ?? '');
    count(`async ${answer.status}`);
  } catch {
    count('async: no gateway');
  }
}

async function callAndWait(): Promise<void> {
  const name = FUNCTIONS[Math.floor(random.uniform() * FUNCTIONS.length)] ?? 'one';
  try {
    const answer = await fetch(`${gateway.url}/function/${name}`, { method: 'POST', body: 'sync' });
    await answer.text();
    count(answer.ok ? 'answered' : `${answer.status} ${answer.headers.get('x-wattloop-reason')}`);
  } catch {
    count(isDown ? 'no gateway' : 'connection broke');
  }
}

const load = (async () => {
  for (let n = 0; !isOver; n++) {
    void (n % 2 === 0 ? callAsync() : callAndWait());
    await pause(random.exponential() / RATE);
  }
})();
const watch = (async () => {
  while (!isOver) {
    try {
      for (const pid of descendantsOf(gateway.pid)) seen.add(pid);
    } catch {
      // It is being killed.
    }
    await pause(0.05);
  }
})();

const every = Math.max(1, Math.round(KILLS / Math.max(1, GATEWAY_KILLS)));
let [replicaKills, gatewayKills] = [0, 0];
while (replicaKills + gatewayKills < KILLS) {
  await pause(0.2 + 0.3 * random.uniform());
  if ((replicaKills + gatewayKills) % every === every - 1 && gatewayKills < GATEWAY_KILLS) {
    for (const pid of descendantsOf(gateway.pid)) seen.add(pid);
    isDown = true;
    await gateway.kill();
    gatewayKills++;
    gateway = await BenchGateway.start({ folder, listen });
    isDown = false;
    continue;
  }
  const replicas = descendantsOf(gateway.pid).filter(isReplica);
  const victim = replicas[Math.floor(random.uniform() * replicas.length)];
  if (victim === undefined) continue;
  seen.add(victim);
  try {
    process.kill(victim, 'SIGKILL');
    replicaKills++;
  } catch {
    // It ended by itself.
  }
  process.stderr.write(`\rkills: ${replicaKills} of replicas, ${gatewayKills} of the gateway `);
}
isOver = true;
await Promise.all([load, watch]);
process.stderr.write('\n');
const missing = (): string[] => [...accepted].filter((id) => !delivered.has(id));
await until('all accepted calls delivered', async () => missing().length === 0, 120).catch(() => undefined);
const lost = missing().length;
await gateway.stop();
callbacks.close();
await pause(1);

const isAlive = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const orphans = [...seen].filter(isAlive);
const strays = readdirSync('/proc').filter((name) => {
  try {
    return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
  } catch {
    return false;
  }
});
const integrity = (path: string): string => {
  const database = new Database(path);
  const row = database.prepare('PRAGMA integrity_check').get() as Record<string, unknown>;
  database.close();
  return String(Object.values(row)[0]);
};
const more = [...delivered.values()].filter((times) => times > 1).length;
const rows: Row[] = [
  { what: 'replicas killed', figure: replicaKills },
  { what: 'gateway killed', figure: gatewayKills },
  { what: 'asynchronous calls accepted', figure: accepted.size },
  { what: 'of these lost', figure: lost },
  { what: 'of these delivered more than once', figure: more },
  ...[...answers].sort().map(([what, figure]) => ({ what: `calls: ${what}`, figure })),
  { what: 'processes left behind', figure: orphans.length + strays.length },
  { what: 'calls.db', figure: integrity(join(folder, '.wattloop', 'gateway', 'calls.db')) },
  { what: 'knowledge.db', figure: integrity(join(folder, '.wattloop', 'knowledge.db')) },
];
gateway.remove();
publish('gateway-kills', `${KILLS} random kills while calls come, ${RATE} a second`, rows);
process.exitCode = lost === 0 && orphans.length + strays.length === 0 ? 0 : 1;
