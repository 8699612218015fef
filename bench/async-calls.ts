// How many asynchronous calls are accepted each second, on disk when they are, and what a caller waits for that.
//   npm run bench -- async-calls [--calls 20000]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createHost, silentLogger } from 'wattloop/base';
import { AsyncCalls } from 'wattloop/gateway';
import { settingsSchema } from 'wattloop/model';
import { publish, type Row } from './support/outcome.js';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '20000' } } });
const CALLS = Number(values.calls);
const MILLISECONDS = 1e3;

const answer = { status: 200, headers: {}, body: undefined, durationSeconds: 0, isRetryable: false };

/** So many callers, each of which sends its next call when the last was accepted. */
async function measure(callers: number, bytes: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'async-calls-'));
  const calls = await AsyncCalls.open({
    host: createHost({ log: silentLogger }),
    folder,
    settings: settingsSchema.parse({}).gateway,
    invoke: async () => answer,
  });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const waits: number[] = [];
  let left = bytes > 1e5 ? Math.ceil(CALLS / 20) : CALLS;
  const count = left;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const begun = performance.now();
      const outcome = await calls.accept({
        function: `f${left % 5}`,
        method: 'POST',
        path: '',
        query: '',
        headers: { 'content-type': 'application/json' },
        body: Readable.from([Buffer.alloc(bytes)]),
      });
      if (!outcome.isAccepted) throw new Error(outcome.message);
      waits.push(performance.now() - begun);
    }
  };
  delay.enable();
  const begun = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - begun) / MILLISECONDS;
  while (calls.stats().pending > 0) await calls.status('none');
  const allSeconds = (performance.now() - begun) / MILLISECONDS;
  delay.disable();
  await calls.close();
  rmSync(folder, { recursive: true });
  waits.sort((a, b) => a - b);
  return {
    callers,
    'body, bytes': bytes,
    'accepted /s': Math.round(count / seconds),
    'done /s': Math.round(count / allSeconds),
    'wait, median ms': waits[count >> 1] ?? 0,
    'wait, p99 ms': waits[Math.floor(count * 0.99)] ?? 0,
    'event loop, p99 ms late': delay.percentile(99) / 1e6,
  };
}

// The code is compiled before anything is counted.
await measure(64, 200);
const rows: Row[] = [];
for (const [callers, bytes] of [
  [1, 200],
  [64, 200],
  [512, 200],
  [64, 1e4],
  [64, 1e6],
] as const)
  rows.push(await measure(callers, bytes));
publish('async-calls', 'asynchronous calls: accepted when they are flushed to the disk, and done', rows);
