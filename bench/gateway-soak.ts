// The gateway for minutes on end: 12 functions at 80 % of what they can do, then at three times that, then calm again. Shows
// errors, latency and memory over time, what overload is answered with, and how soon all is well again. What they can do is
// found as it is used, by callers who do not wait: the rate is raised by a tenth until calls fail or wait for a second.
//   npm run bench -- gateway-soak [--minutes 10] [--overload-seconds 60]
import { parseArgs } from 'node:util';
import type { LoadFigures } from 'wattloop/model';
import { BenchGateway, load, residentMibOf } from './support/gateway.js';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'overload-seconds': { type: 'string', default: '60' },
  },
});
const MINUTES = Number(values.minutes);
const OVERLOAD_SECONDS = Number(values['overload-seconds']);
const FUNCTIONS = 12;
const LADDER_SECONDS = 10;

/** Works for some milliseconds of the processor, each function for others. */
const handler = (rounds: number): string => `import { createHash } from 'node:crypto';
const data = Buffer.alloc(65536, 'x');
export default (event) => {
  let digest = '';
  for (let n = 0; n < ${rounds}; n++) digest = createHash('sha256').update(data).update(digest).digest('hex');
  return digest;
};`;
const names = Array.from({ length: FUNCTIONS }, (_, n) => `work-${n + 1}`);

const gateway = await BenchGateway.start({
  handlers: Object.fromEntries(names.map((name, n) => [name, handler(4 + 4 * (n % 6))])),
  settings: {
    gateway: { defaults: { queue_limit: 500, queue_seconds: 5, max_replicas: 1, min_replicas: 1 } },
  },
});
for (const name of names) await gateway.serves(name);

const forAll = { timeoutSeconds: 20, method: 'POST' };
const functions = names.map((name) => ({ name }));
const run = (rate: number, seconds: number): Promise<{ total: LoadFigures }> =>
  load({
    gateway: gateway.url,
    durationSeconds: seconds,
    forAll: { ...forAll, arrival: 'exponential', rate: rate / FUNCTIONS },
    functions,
  });

const rows: Row[] = [];
function row(what: string, rate: number, { total }: { total: LoadFigures }): void {
  const { failures, statuses } = total;
  const late = statuses['504'] ?? 0;
  rows.push({
    what,
    'calls/s asked': Math.round(rate),
    'calls/s done': Math.round(total.perSecond),
    'p50 ms': (total.latency?.p50 ?? Number.NaN) * 1e3,
    'p99 ms': (total.latency?.p99 ?? Number.NaN) * 1e3,
    '429': failures.too_many,
    '504': late,
    // What the callers' machine could not send, or gave up: no answer of the gateway.
    'given up by callers': failures.timeout + failures.unsent,
    'other failures':
      failures.server_error - late + failures.connection + failures.not_found + failures.client_error,
    'gateway MiB': Math.round(residentMibOf(gateway.pid)),
  });
}
/** The highest rate of a ladder at which nearly no call fails or waits for long. */
async function saturationFrom(begin: number): Promise<number> {
  for (let rate = begin, last = begin; ; last = rate, rate *= 1.1) {
    const found = await run(rate, LADDER_SECONDS);
    row('looking for saturation', rate, found);
    const { sent, failed, latency } = found.total;
    if (failed > 0 || sent === 0 || (latency?.p99 ?? 0) > 1) return last;
  }
}

// As callers who wait for each answer find it: less than what can be had, to begin with.
const closed = await load({
  gateway: gateway.url,
  durationSeconds: 10,
  warmUpSeconds: 5,
  forAll: { ...forAll, arrival: 'closed', concurrency: 1 },
  functions,
});
row('callers who wait', closed.total.perSecond, closed);
const saturation = await saturationFrom(closed.total.perSecond / 2);
const calm = 0.8 * saturation;
for (let minute = 1; minute <= MINUTES; minute++) row(`80 %, minute ${minute}`, calm, await run(calm, 60));
if (OVERLOAD_SECONDS > 0) {
  row('300 %', 3 * saturation, await run(3 * saturation, OVERLOAD_SECONDS));
  row('80 %, the 10 s after it', calm, await run(calm, 10));
  row('80 %, the 20 s after that', calm, await run(calm, 20));
}
await gateway.stop();
gateway.remove();
publish('gateway-soak', `12 functions, saturated at ${saturation.toFixed(0)} calls/s`, rows);
