import { unsignedAt } from './bytes.js';
import type { ProcessHandle, ProcessReader } from './process-reader.js';
import type { TrackedProcess } from './tracked-process.js';

const GLANCE_SECONDS = 0.1;

/**
 * Followed processes that are children of Wattloop's own process. When one has ended it is Wattloop that has waited for it,
 * so that Wattloop's own stat file tells what it used to the last moment. Other children that ended unfollowed since the
 * last look can't be told apart from it. Node.js waits for children between events only: nothing changes within a look.
 */
export class OwnChildren {
  readonly #reader: ProcessReader;
  readonly #self: ProcessHandle;
  readonly #pid: number | undefined;
  /** Followed children, and once they have ended, what is to be added to what was known of each. */
  readonly #followed = new Map<TrackedProcess, number | undefined>();
  /** Exactly what this process waited for; its stat file tells whole clock ticks. */
  readonly #exact: (() => number | undefined) | undefined;
  /** How much of what Wattloop waited for has been given to someone, or to nobody because nobody followed had ended. */
  #accountedSeconds = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(reader: ProcessReader, exact?: () => number | undefined) {
    this.#reader = reader;
    this.#exact = exact;
    this.#self = reader.handle('self');
    reader.readStat(this.#self, true);
    this.#pid = unsignedAt(reader.bytes, 0, reader.bytes.length);
  }

  /** Does nothing for a process that is no child of Wattloop's. */
  follow(process: TrackedProcess): void {
    if (process.ppid !== this.#pid) return;
    this.look();
    this.#followed.set(process, undefined);
  }

  forget(process: TrackedProcess): void {
    this.#followed.delete(process);
  }

  /** What an ended process used beyond what its last reading showed; 0 when it was no child of Wattloop's. */
  claim(process: TrackedProcess): number {
    this.look();
    const claimed = this.#followed.get(process) ?? 0;
    this.forget(process);
    return claimed;
  }

  /** Looks, if that was not done just now. */
  glance(): void {
    if (this.#reader.host.clock.now() - this.#lookedAt >= GLANCE_SECONDS) this.look();
  }

  look(): void {
    this.#lookedAt = this.#reader.host.clock.now();
    const waited = this.#waited();
    if (waited === undefined || waited === this.#accountedSeconds) return;
    if (this.#followed.size === 0) {
      // Of children that nobody followed, such as the programs that other sources ask.
      this.#accountedSeconds = waited;
      return;
    }
    const ended = [...this.#followed].flatMap(([process, claim]) =>
      claim === undefined && !this.#lives(process) ? [process] : [],
    );
    const known = ended.reduce((sum, process) => sum + process.lifetimeSeconds, 0);
    const surplus = Math.max(0, waited - this.#accountedSeconds - known);
    for (const process of ended) this.#followed.set(process, surplus / ended.length);
    this.#accountedSeconds = waited;
  }

  close(): void {
    this.#reader.release(this.#self);
    this.#followed.clear();
  }

  #waited(): number | undefined {
    const exact = this.#exact?.();
    if (exact !== undefined) return exact;
    return this.#reader.readStat(this.#self, true) === 'there' ? this.#reader.waitedSeconds() : undefined;
  }

  #lives(process: TrackedProcess): boolean {
    const presence = this.#reader.readStat(this.#reader.handle(process.pid), false);
    if (presence !== 'there') return presence === 'unreadable';
    return this.#reader.stat.startTicks === process.startTicks;
  }
}
