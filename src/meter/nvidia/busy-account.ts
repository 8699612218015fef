import type { UtilizationSample } from '../native/nvml.js';

const MICROSECONDS_PER_SECOND = 1e6;

/**
 * Seconds for which each process kept one GPU busy, from the driver's samples. A sample stands for the time since the
 * process's sample before it, or since the last look at the GPU where there is none; so no process is ever busy for longer
 * than has passed.
 */
export class BusyAccount {
  readonly #seconds = new Map<number, number>();
  #seen: bigint;

  /** `now` is in microseconds since 1970, as are the samples. */
  constructor(now: bigint) {
    this.#seen = now;
  }

  /** The time after which samples are new. */
  get seen(): bigint {
    return this.#seen;
  }

  /** Takes the samples found by a look at time `now`, and gives the processes that had work. */
  add(samples: readonly UtilizationSample[], now: bigint): number[] {
    const since = this.#seen;
    const last = new Map<number, bigint>();
    const inOrder = [...samples].sort((a, b) => Number(a.timestamp - b.timestamp));
    for (const { pid, timestamp, smPercent } of inOrder) {
      const from = last.get(pid) ?? since;
      if (timestamp <= from || timestamp > now || smPercent > 100) continue;
      const seconds = (Number(timestamp - from) / MICROSECONDS_PER_SECOND) * (smPercent / 100);
      this.#seconds.set(pid, this.secondsOf(pid) + seconds);
      last.set(pid, timestamp);
    }
    // Without any sample nobody was busy until now; with some, what came after the last is still to be told.
    const newest = [...last.values()].reduce((max, time) => (time > max ? time : max), 0n);
    if (newest > 0n) this.#seen = newest;
    else if (now > since) this.#seen = now;
    return [...last.keys()];
  }

  secondsOf(pid: number): number {
    return this.#seconds.get(pid) ?? 0;
  }

  pids(): number[] {
    return [...this.#seconds.keys()];
  }

  /** Forgets a process that ended: its pid may come back as another's. */
  forget(pid: number): void {
    this.#seconds.delete(pid);
  }
}
