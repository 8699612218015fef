import { type CpuTimes, type MachineStat, tickedBusy } from './machine-stat.js';

/** How far, relatively, the modes of a processor may sum away from the time that passed for its idle time to be trusted. */
const TOLERATED = 0.1;
/** Shorter spans say nothing about that: each mode is rounded to a tick. */
const JUDGED_SECONDS = 1;

const notWorking = (t: CpuTimes): number => t.idle + t.iowait + t.steal;
const allModes = (t: CpuTimes): number => tickedBusy(t) + notWorking(t);
const agrees = (modes: number, elapsed: number): boolean => Math.abs(modes - elapsed) <= TOLERATED * elapsed;

interface Processor {
  times: CpuTimes;
  /** Where the modes were last compared with the time that passed. */
  judged: { readonly at: number; readonly modes: number };
  idleIsTrusted: boolean;
}

/**
 * Seconds that processors worked, cumulative over readings of /proc/stat. The kernel measures idle time but only samples
 * work at its tick, which misses or overrates work that is shorter: so work is the time that passed less the idle time.
 * Where the modes do not sum to the time that passed (a container's own view, a replay) the sampled work is taken.
 */
export class ProcessorTime {
  #busy = 0;
  #interrupt = 0;
  #at = 0;
  readonly #processors = new Map<number, Processor>();

  get busySeconds(): number {
    return this.#busy;
  }

  get interruptSeconds(): number {
    return this.#interrupt;
  }

  /**
   * Takes a reading made at monotonic time `at`; `uptime`, where known, tells at once whether idle time can be trusted.
   * A processor counts from the second reading in a row that lists it.
   */
  advance(stat: MachineStat, at: number, uptime?: number): void {
    const cpus = stat.cpus.size > 0 ? stat.cpus : new Map(stat.total === undefined ? [] : [[-1, stat.total]]);
    for (const number of this.#processors.keys()) if (!cpus.has(number)) this.#processors.delete(number);
    for (const [number, times] of cpus) {
      const processor = this.#processors.get(number);
      if (processor) this.#step(processor, times, at);
      else {
        const idleIsTrusted = uptime !== undefined && agrees(allModes(times), uptime);
        this.#processors.set(number, { times, judged: { at, modes: allModes(times) }, idleIsTrusted });
      }
    }
    this.#at = at;
  }

  #step(processor: Processor, now: CpuTimes, at: number): void {
    const { times: before, judged } = processor;
    processor.times = now;
    if (at - judged.at >= JUDGED_SECONDS) {
      processor.idleIsTrusted = agrees(allModes(now) - judged.modes, at - judged.at);
      processor.judged = { at, modes: allModes(now) };
    }
    const elapsed = Math.max(0, at - this.#at);
    // The kernel lets iowait fall back a little when a task moves to another processor.
    const idle = Math.max(0, notWorking(now) - notWorking(before));
    const sampled = Math.max(0, tickedBusy(now) - tickedBusy(before));
    this.#busy += processor.idleIsTrusted ? Math.max(0, elapsed - idle) : sampled;
    this.#interrupt += Math.max(0, now.irq + now.softirq - before.irq - before.softirq);
  }
}
