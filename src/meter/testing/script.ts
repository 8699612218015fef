import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

/** Shell function: `burn N` keeps a processor busy for a while that grows with N (20,000 is about 50 ms). */
export const BURN = 'burn() { local i=0; while ((i < $1)); do ((i++)); done; };';

/** Seconds in the four figures that bash's `times` prints: own user and system, children's user and system. */
export function timesIn(lines: readonly string[]): { readonly own: number; readonly children: number } {
  const figures = lines
    .join(' ')
    .trim()
    .split(/\s+/)
    .map((text) => {
      const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
      return Number(minutes) * 60 + Number(seconds);
    });
  const [user = Number.NaN, system = Number.NaN, childUser = Number.NaN, childSystem = Number.NaN] = figures;
  return { own: user + system, children: childUser + childSystem };
}

/** A shell script that a test leads line by line: it waits where it says `read`, and speaks by its output. */
export class Script {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly ended: Promise<unknown>;

  constructor(source: string, command = 'bash', args = ['-c', source]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { pid, stdout } = this.#child;
    if (pid === undefined || stdout === null) throw new Error(`${command} can't be started`);
    this.pid = pid;
    this.#reader = createInterface({ input: stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.ended = once(this.#child, 'exit');
  }

  /** The next line of its output. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the script ended without another line');
    return value;
  }

  /** Lets it pass its next `read`. */
  go(): void {
    this.#child.stdin?.write('\n');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.kill();
    await this.ended;
  }
}
