import { type ChildProcess, spawn as nodeSpawn, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ErrorCode, type Host, messageOf, systemCode, WattloopError } from '../../base/index.js';

/** Starts a program; `node:child_process` in earnest, something else in a test. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

const RAIL = /(?<=^|\s)([A-Z][A-Z0-9_]*) (\d+)(?:mW)?\/\d+(?:mW)?(?=\s|$)/g;
const MILLIWATTS_PER_WATT = 1_000;
/** How long the program may take to end after it was asked to. */
const GRACE_SECONDS = 1;

/** Present power (not the mean) of each rail in a line of tegrastats: `VDD_IN 4512mW/4480mW`, before JetPack 4.6 without `mW`. */
export function parseRails(line: string): Map<string, number> {
  return new Map(
    [...line.matchAll(RAIL)].flatMap(([, rail, milliwatts]) =>
      rail === undefined ? [] : [[rail, Number(milliwatts) / MILLIWATTS_PER_WATT] as const],
    ),
  );
}

export interface RailLine {
  /** Monotonic seconds at which the line came. */
  readonly at: number;
  readonly rails: ReadonlyMap<string, number>;
}

export interface TegrastatsOptions {
  readonly command: string;
  readonly intervalSeconds: number;
  /** A line older than this, or none for this long, is no answer. */
  readonly patienceSeconds: number;
  readonly spawn?: Spawn;
}

/** A running tegrastats and the last line that it wrote. */
export class Tegrastats {
  readonly #host: Host;
  readonly #options: TegrastatsOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #latest: RailLine | undefined;
  #failure: WattloopError | undefined;
  #news = new AbortController();

  constructor(host: Host, options: TegrastatsOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** The last line; starts the program when it does not run, and waits for its first line. */
  async line(): Promise<RailLine> {
    const { clock } = this.#host;
    const { command, patienceSeconds } = this.#options;
    if (this.#child === undefined) this.#start();
    const fresh = (): RailLine | undefined =>
      this.#latest && clock.now() - this.#latest.at <= patienceSeconds ? this.#latest : undefined;
    if (fresh() === undefined && this.#failure === undefined) {
      await clock.sleep(patienceSeconds, this.#news.signal);
    }
    const line = fresh();
    if (line !== undefined) return line;
    throw (
      this.#failure ??
      new WattloopError(
        ErrorCode.instrumentFailed,
        `${command}: no line with power rails within ${patienceSeconds} s`,
        { remedy: `Run "${command}" by hand to see what it says` },
      )
    );
  }

  /** Ends the program, by force when it does not listen, and waits until it is gone. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new AbortController();
    child.kill('SIGTERM');
    void this.#host.clock
      .sleep(GRACE_SECONDS, gone.signal)
      .then(() => gone.signal.aborted || child.kill('SIGKILL'));
    await this.#ended;
    gone.abort();
  }

  #start(): void {
    const { command, intervalSeconds, spawn = nodeSpawn } = this.#options;
    this.#failure = undefined;
    this.#latest = undefined;
    this.#news = new AbortController();
    const args = ['--interval', String(Math.round(intervalSeconds * 1_000))];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const end = (why: string, code?: string): void => {
        this.#end(why, code);
        resolve();
      };
      child.once('error', (error) => end(messageOf(error), systemCode(error)));
      child.once('exit', (status, signal) => end(`ended (${signal ?? `exit status ${status}`})`));
    });
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (text) => this.#take(text));
  }

  #take(text: string): void {
    const rails = parseRails(text);
    if (rails.size === 0) return;
    this.#latest = { at: this.#host.clock.now(), rails };
    this.#news.abort();
  }

  #end(why: string, code: string | undefined): void {
    const { command } = this.#options;
    const missing = code === 'ENOENT';
    this.#child = undefined;
    this.#latest = undefined;
    this.#failure = new WattloopError(
      missing ? ErrorCode.notFound : ErrorCode.instrumentFailed,
      missing ? `${command}: no such program` : `${command}: ${why}`,
      {
        remedy: missing
          ? 'It comes with JetPack (package nvidia-l4t-tools)'
          : `Run "${command}" by hand to see why`,
      },
    );
    this.#news.abort();
  }
}
