import { type CpuTimes, type MachineStat, tickedBusy } from '../proc/machine-stat.js';
import { joulesOver, type PowerModel } from './power-model.js';

/** /proc/stat counts in ticks of 10 ms: over less than two of them a load is noise. */
const SHORTEST_SECONDS = 0.02;
/**
 * Energy is settled a second at a time. The curve is concave, so that it gives less for a load that is cut into thin
 * slices, busy and idle by turns, than for its mean: what is read often must not seem to cost less.
 */
const SETTLE_SECONDS = 1;
/** How far the modes may sum away from the time that passed for idle time to be trusted, besides a tick a processor. */
const TOLERATED = 0.1;

interface Anchor {
  readonly at: number;
  readonly times: CpuTimes;
  /** Energy up to here, final. */
  readonly joules: number;
  /** The load of the step before. */
  readonly load: number;
}

const resting = (t: CpuTimes): number => t.idle + t.iowait + t.steal;

/**
 * Seconds that processors worked between two readings. The kernel measures idle time but finds work by sampling it at its
 * tick, so work is the time that passed less the idle time, unless the modes don't sum to the time (a container's view).
 */
function busySeconds(before: CpuTimes, now: CpuTimes, seconds: number, cpus: number): number | undefined {
  const most = seconds * cpus;
  const rest = resting(now) - resting(before);
  const ticked = tickedBusy(now) - tickedBusy(before);
  const slack = TOLERATED * most + SHORTEST_SECONDS * cpus;
  // The kernel lets iowait fall back a little; more than that is another machine's counters.
  if (ticked < 0 || rest < -slack) return undefined;
  const busy = Math.abs(rest + ticked - most) <= slack ? most - rest : ticked;
  return Math.min(most, Math.max(0, busy));
}

/** Turns readings of /proc/stat into joules by a power model. Joules never go backwards. */
export class LoadIntegrator {
  readonly #model: PowerModel;
  #anchor: Anchor;
  #joules = 0;

  /** Until there is a load of its own, the mean since boot stands for it. */
  constructor(model: PowerModel, first: CpuTimes, at: number) {
    this.#model = model;
    const busy = tickedBusy(first);
    const all = busy + resting(first);
    this.#anchor = { at, times: first, joules: 0, load: all > 0 ? busy / all : 0 };
  }

  get joules(): number {
    return this.#joules;
  }

  /** Takes a reading made at time `at`; false when its counters can't be of the same machine, and time alone counts. */
  advance(stat: Pick<MachineStat, 'total' | 'cpus'>, at: number): boolean {
    const { at: since, times, joules, load } = this.#anchor;
    const seconds = at - since;
    const cpus = this.#model.logicalCpus;
    const now = stat.total;
    const held = joules + joulesOver(this.#model, load * seconds * cpus, seconds);
    if (now === undefined || seconds < SHORTEST_SECONDS) {
      this.#joules = Math.max(this.#joules, held);
      return now !== undefined;
    }
    // Processors that went offline take their share of the time away, so that what is left is not all idle.
    const online = stat.cpus.size > 0 ? Math.min(cpus, stat.cpus.size) : cpus;
    const busy = busySeconds(times, now, seconds, online);
    const total = busy === undefined ? held : joules + joulesOver(this.#model, busy, seconds);
    if (seconds >= SETTLE_SECONDS || busy === undefined) {
      const next = busy === undefined ? load : busy / (seconds * cpus);
      this.#anchor = { at, times: now, joules: total, load: next };
    }
    // What was given out on a held load may prove to have been too much: then nothing is added until time has caught up.
    this.#joules = Math.max(this.#joules, total);
    return busy !== undefined;
  }
}
