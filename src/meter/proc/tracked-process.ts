import type { ProcessIdentity } from '../../model/index.js';

const INIT = 1;

/**
 * A process from when it was first seen, with its CPU seconds. Every figure is a lower bound of the truth that only grows.
 * A process is known by pid and start: a later one with the same pid is another.
 */
export class TrackedProcess {
  readonly pid: number;
  readonly startTicks: number;
  name = '';
  ppid = 0;
  threads = 1;
  /**
   * It takes in orphans. What it waited for beyond its known children is then no measure of unseen ones, as an orphan that
   * died together with its parent has been handed to that parent's parent.
   */
  isReaper: boolean;
  /** The process's own, since it began. */
  #own = 0;
  /** Of children that it waited for, since it began. */
  #waited = 0;
  /** What it had used before it began to count. */
  readonly #ownBefore: number;
  readonly #waitedBefore: number;
  /** Children that were tracked and ended: in all, and since they began to count. */
  #endedInAll = 0;
  #endedCounted = 0;
  #unseen = 0;

  constructor(pid: number, startTicks: number, before: { own: number; waited: number }) {
    this.pid = pid;
    this.startTicks = startTicks;
    this.isReaper = pid === INIT;
    this.#ownBefore = before.own;
    this.#waitedBefore = before.waited;
    this.update(before.own, before.waited);
  }

  get identity(): ProcessIdentity {
    return { pid: this.pid, startTicks: this.startTicks, name: this.name };
  }

  /** Its own CPU seconds since it began to count. */
  get ownSeconds(): number {
    return this.#own - this.#ownBefore;
  }

  /**
   * CPU seconds of children that it waited for and that no reading had shown: those that lived between two readings, and
   * the last of those that ended after one.
   */
  get unseenSeconds(): number {
    return this.#unseen;
  }

  /** All that is known of it and of its ended descendants, since they began to count. */
  get subtreeSeconds(): number {
    return this.ownSeconds + this.#endedCounted + this.#unseen;
  }

  /** All that is known of it and of those it waited for, since it began. */
  get lifetimeSeconds(): number {
    return this.#own + this.#waitedBefore + this.#endedInAll + this.#unseen;
  }

  update(own: number, waited: number): void {
    this.#own = Math.max(this.#own, own);
    this.#waited = Math.max(this.#waited, waited);
  }

  /** A tracked child ended and this process is who waits for it. */
  inherit(child: TrackedProcess): void {
    this.#endedInAll += child.lifetimeSeconds;
    this.#endedCounted += child.subtreeSeconds;
  }

  /**
   * Takes what was waited for beyond the tracked children that ended for unseen. To be called when every child that is
   * within `waited` and was tracked has been inherited: its seconds would count twice otherwise.
   */
  settle(waited: number = this.#waited): void {
    if (this.isReaper) return;
    this.#unseen = Math.max(this.#unseen, waited - this.#waitedBefore - this.#endedInAll);
  }

  /** For those who settle one reading later. */
  get waitedSeconds(): number {
    return this.#waited;
  }
}

/**
 * Hands what ended processes used to the parent that waits for them, the youngest generation first, and gives back those
 * whose parent is not among the known: nobody's waiting will show them again.
 */
export function bequeath(
  ended: ReadonlySet<TrackedProcess>,
  parentOf: (process: TrackedProcess) => TrackedProcess | undefined,
): TrackedProcess[] {
  const children = new Map<TrackedProcess, TrackedProcess[]>();
  const parents = new Map<TrackedProcess, TrackedProcess>();
  for (const process of ended) {
    const parent = parentOf(process);
    if (parent === undefined || parent === process) continue;
    parents.set(process, parent);
    children.set(parent, [...(children.get(parent) ?? []), process]);
  }
  const orphans: TrackedProcess[] = [];
  const done = new Set<TrackedProcess>();
  const visit = (process: TrackedProcess): void => {
    if (done.has(process)) return;
    done.add(process);
    for (const child of children.get(process) ?? []) visit(child);
    process.settle();
    const parent = parents.get(process);
    if (parent) parent.inherit(process);
    else orphans.push(process);
  };
  for (const process of ended) visit(process);
  return orphans;
}
