import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DIST = join(import.meta.dirname, '..', '..', '..', '..', 'dist');

/**
 * A process of its own with asynchronous calls. Its functions are at `url`: each attempt is a request to `/fn/NAME` there.
 * It accepts `count` calls, every seventh with a body that needs a file, tells the id of each as soon as it is accepted, and ends
 * when all are done.
 */
const program = (folder: string, url: string, count: number, prefix: string): string => `
  import { createHash } from 'node:crypto';
  import { Readable } from 'node:stream';
  import { AsyncCalls } from ${JSON.stringify(join(DIST, 'gateway', 'index.js'))};
  import { createHost, silentLogger } from ${JSON.stringify(join(DIST, 'base', 'index.js'))};
  import { settingsSchema } from ${JSON.stringify(join(DIST, 'model', 'index.js'))};
  const url = ${JSON.stringify(url)};
  const calls = await AsyncCalls.open({
    host: createHost({ log: silentLogger }),
    folder: ${JSON.stringify(folder)},
    settings: settingsSchema.parse({ gateway: { async: { concurrency: 8, backoff_seconds: 0.01 } } }).gateway,
    invoke: async ({ id, attempt, body, headers, ...call }, signal) => {
      const begun = performance.now();
      const response = await fetch(url + '/fn/' + call.function, {
        method: 'POST', body, signal, duplex: 'half',
        headers: { ...headers, 'x-call-id': id, 'x-attempt': String(attempt) },
      });
      return {
        status: response.status, headers: Object.fromEntries(response.headers),
        body: response.body === null ? undefined : Readable.fromWeb(response.body),
        durationSeconds: (performance.now() - begun) / 1e3, isRetryable: response.status === 503,
      };
    },
  });
  console.log('open');
  const acceptOne = async (index) => {
    const body = Buffer.alloc(index % 7 === 0 ? 200_000 : 100, ${JSON.stringify(prefix)} + index);
    const outcome = await calls.accept({
      function: 'f' + (index % 3), id: ${JSON.stringify(prefix)} + index, method: 'POST', path: '', query: '',
      headers: { 'x-sha': createHash('sha256').update(body).digest('hex') },
      body: Readable.from([body.subarray(0, 70), body.subarray(70)]), callback: url + '/told',
    });
    console.log(outcome.id);
  };
  let next = 0;
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (next < ${count}) await acceptOne(next++);
  }));
  while (calls.stats().pending > 0) await calls.status('none');
  console.log(JSON.stringify(calls.stats()));
  await calls.close();
`;

export class GatewayChild {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterableIterator<string>;
  #stderr = '';
  readonly #ended: Promise<unknown>;

  constructor(folder: string, url: string, count: number, prefix: string) {
    const code = program(folder, url, count, prefix);
    this.#process = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk);
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('the child has no stdout');
    this.#lines = createInterface(stdout)[Symbol.asyncIterator]();
    this.#ended = once(this.#process, 'close');
  }

  /** The next line that it prints; undefined when it has ended. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }

  /** Kills it without a word. What it printed before can still be read. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async ended(): Promise<{ readonly code: number | null; readonly stderr: string }> {
    await this.#ended;
    return { code: this.#process.exitCode, stderr: this.#stderr };
  }
}
