import type { Host } from '../../base/index.js';
import { childFinders } from './children.js';
import { type ProcessHandle, ProcessReader } from './process-reader.js';

interface Helper {
  readonly handle: ProcessHandle;
  startTicks: number;
  seconds: number;
  isSeen: boolean;
}

/**
 * CPU seconds of one process and of the children that it keeps for its own ends. Which of its children those are is said
 * at every reading: the others are told apart by someone else. What helpers used that ended unseen is lost to it.
 */
export class HelpedProcess {
  readonly #reader: ProcessReader;
  readonly #pid: number;
  readonly #handle: ProcessHandle;
  readonly #helpers = new Map<number, Helper>();
  #startTicks: number | undefined;
  #own = 0;
  #threads = 1;
  /** Of helpers that are gone. */
  #gone = 0;

  constructor(host: Host, pid: number) {
    this.#reader = new ProcessReader(host);
    this.#pid = pid;
    this.#handle = this.#reader.handle(pid);
  }

  /** So far; the last figure once the process has ended. */
  cpuSeconds(isHelper: (pid: number) => boolean): number {
    if (this.#readOwn()) this.#readHelpers(isHelper);
    let sum = this.#own + this.#gone;
    for (const { seconds } of this.#helpers.values()) sum += seconds;
    return sum;
  }

  close(): void {
    this.#reader.release(this.#handle);
    for (const { handle } of this.#helpers.values()) this.#reader.release(handle);
    this.#helpers.clear();
  }

  #readOwn(): boolean {
    const reader = this.#reader;
    if (reader.readStat(this.#handle, true) !== 'there') return false;
    this.#startTicks ??= reader.stat.startTicks;
    if (reader.stat.startTicks !== this.#startTicks) return false;
    this.#threads = reader.stat.threads;
    this.#own = Math.max(this.#own, reader.ownSeconds(undefined));
    return true;
  }

  #readHelpers(isHelper: (pid: number) => boolean): void {
    for (const helper of this.#helpers.values()) helper.isSeen = false;
    for (const pid of childFinders(this.#reader, this.#pid)()(this.#pid, this.#threads)) {
      if (isHelper(pid)) this.#readHelper(pid);
    }
    for (const [pid, helper] of this.#helpers) if (!helper.isSeen) this.#drop(pid, helper);
  }

  #readHelper(pid: number): void {
    const reader = this.#reader;
    const known = this.#helpers.get(pid);
    const handle = known?.handle ?? reader.handle(pid);
    if (reader.readStat(handle, true) !== 'there') {
      if (known === undefined) reader.release(handle);
      return;
    }
    const seconds = reader.ownSeconds(undefined) + reader.waitedSeconds();
    const { startTicks } = reader.stat;
    if (known?.startTicks === startTicks) {
      known.seconds = Math.max(known.seconds, seconds);
      known.isSeen = true;
      return;
    }
    if (known) this.#gone += known.seconds;
    this.#helpers.set(pid, { handle, startTicks, seconds, isSeen: true });
  }

  #drop(pid: number, { handle, seconds }: Helper): void {
    this.#gone += seconds;
    this.#reader.release(handle);
    this.#helpers.delete(pid);
  }
}
