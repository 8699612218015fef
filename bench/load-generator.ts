// How fast the load generator calls, and what a call costs it, beside loops that wait for answers written by hand with undici
// and with node:http, and beside wrk and ab where they are installed. All call the same server, which runs in a process of its
// own. Open loops at growing rates show up to where the generator keeps to its times.
//   npm run bench -- load-generator [--seconds 5] [--callers 32] [--rates 1000,4000,8000]
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { systemClock } from 'wattloop/base';
import { type CallPattern, runLoad } from 'wattloop/lab';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    callers: { type: 'string', default: '32' },
    rates: { type: 'string', default: '1000,4000,8000' },
  },
});
const SECONDS = Number(values.seconds);
const CALLERS = Number(values.callers);
const BODY = Buffer.from('{"bytes":1024}');
const TOOL_MILLISECONDS = 60_000;

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const milliseconds = (seconds: number | undefined): string =>
  seconds === undefined ? '-' : (seconds * 1e3).toFixed(2);

async function wattloop(name: string, url: URL, pattern: CallPattern): Promise<Row> {
  const target = { name, url, method: 'POST', headers: {}, body: BODY, timeoutSeconds: 10, pattern };
  const { total, generator } = await runLoad(
    { targets: [target], warmUpSeconds: 1, durationSeconds: SECONDS, seed: 1, maxInFlight: 1_000 },
    { clock: systemClock, cpuSeconds },
  );
  return {
    generator: name,
    'calls/s': Math.round(total.perSecond),
    'CPU µs a call': ((generator.cpuSecondsPerCall ?? 0) * 1e6).toFixed(1),
    failed: total.failed,
    'p50 ms': milliseconds(total.latency?.p50),
    'p99 ms': milliseconds(total.latency?.p99),
    'sent late p50 ms': milliseconds(generator.lateness?.p50),
    'sent late p99 ms': milliseconds(generator.lateness?.p99),
    connections: generator.connections,
  };
}

/** So many callers who wait for their answers, as one would write it in a minute. */
async function byHand(name: string, call: () => Promise<void>): Promise<Row> {
  const warm = performance.now() + 1e3;
  let [count, cpu, from, until] = [0, 0, 0, warm];
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      await call();
      count++;
    }
  };
  const round = (): Promise<unknown> => Promise.all(Array.from({ length: CALLERS }, caller));
  await round();
  [count, cpu, from] = [0, cpuSeconds(), performance.now()];
  until = from + SECONDS * 1e3;
  await round();
  const seconds = (performance.now() - from) / 1e3;
  return {
    generator: name,
    'calls/s': Math.round(count / seconds),
    'CPU µs a call': (((cpuSeconds() - cpu) / count) * 1e6).toFixed(1),
  };
}

function undiciByHand(url: URL): { call: () => Promise<void>; close: () => Promise<void> } {
  const pool = new Pool(url.origin, { connections: CALLERS });
  return {
    call: async () => {
      const { body } = await pool.request({ path: '/', method: 'POST', body: BODY });
      await body.dump();
    },
    close: () => pool.close(),
  };
}

function httpByHand(url: URL): { call: () => Promise<void>; close: () => Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  return {
    call: () =>
      new Promise((resolve, reject) => {
        httpRequest(url, { agent, method: 'POST' }, (response) => {
          response.resume().on('end', resolve);
        })
          .on('error', reject)
          .end(BODY);
      }),
    close: async () => agent.destroy(),
  };
}

/** A program's own figure; undefined where it is not installed. */
function tool(command: string, args: readonly string[], pattern: RegExp): Row | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: TOOL_MILLISECONDS });
  const found = status === 0 ? pattern.exec(stdout)?.[1] : undefined;
  return found === undefined
    ? undefined
    : { generator: `${command} (closed, GET)`, 'calls/s': Math.round(Number(found)) };
}

export async function main(): Promise<void> {
  const server = fork(join(import.meta.dirname, 'support', 'quick-server.js'));
  try {
    const [port] = (await once(server, 'message')) as [number];
    const url = new URL(`http://127.0.0.1:${port}/`);
    // What the first seconds cost is compiling.
    await wattloop('warm-up', url, { kind: 'closed', callers: CALLERS, thinkSeconds: 0 });
    const rows: (Row | undefined)[] = [
      await wattloop(`wattloop, ${CALLERS} callers`, url, {
        kind: 'closed',
        callers: CALLERS,
        thinkSeconds: 0,
      }),
    ];
    for (const [name, make] of [
      ['undici by hand', undiciByHand],
      ['node:http by hand', httpByHand],
    ] as const) {
      const { call, close } = make(url);
      rows.push(await byHand(`${name}, ${CALLERS} callers`, call));
      await close();
    }
    const seconds = String(SECONDS);
    rows.push(
      tool('wrk', ['-t', '1', '-c', String(CALLERS), '-d', seconds, url.href], /Requests\/sec:\s+([\d.]+)/),
    );
    rows.push(
      tool(
        'ab',
        ['-k', '-q', '-c', String(CALLERS), '-t', seconds, '-n', '10000000', url.href],
        /Requests per second:\s+([\d.]+)/,
      ),
    );
    for (const perSecond of values.rates.split(',').map(Number))
      rows.push(
        await wattloop(`wattloop, ${perSecond}/s at random`, url, {
          kind: 'open',
          arrivals: { kind: 'poisson', perSecond },
        }),
      );
    const known = rows.filter((row) => row !== undefined);
    publish(
      'load-generator',
      `${SECONDS} s each, ${BODY.length} bytes there and 2 back; generator and server share the machine`,
      known,
    );
  } finally {
    server.disconnect();
  }
}

await main();
