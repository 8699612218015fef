import { OnlineDisaggregator } from './disaggregator.js';
import { MachineCurve } from './machine-curve.js';
import type { OnlineOptions, OnlinePowers } from './online.js';
import { beside, byCall, byProcessor, regressors } from './regressors.js';
import type { SavedState } from './saved-state.js';
import type { WindowLoads } from './window-loads.js';

/** What a window's work draws, as the model has it. */
export interface ModelledPower {
  /** Watts by entry of the loads. */
  readonly entryWatts: Float64Array;
  /** Of a tick in which someone was there all the time. */
  readonly floorWatts: number;
  /** Deviation of a tick's power from what the model says. */
  readonly deviationWatts: number;
}

export interface CallWatts {
  readonly watts: number;
  readonly standardError?: number;
}

/** Seconds over which the model's own deviation is a mean. */
const MEMORY_SECONDS = 1200;
/** A call that was never seen to draw anything weighs so much in the machine's load: that it may be seen to. */
const LEAST_WEIGHT = 0.05;

/**
 * How a machine's power beyond idle follows from its load: a curve that all share, and by how much each function's load
 * differs from the usual. Each is learnt while the other stands still, window by window.
 */
export class MachineModel {
  readonly #powers: OnlineDisaggregator;
  #curve = new MachineCurve();
  /** What the curve is over; where that changes the curve is learnt anew. */
  #basis = '';
  #known: Powers;
  /** Mean load of the last ticks in which someone was there. */
  #load = 0;
  #squares = 0;
  #seconds = 0;

  constructor(options: OnlineOptions, state?: SavedState) {
    this.#powers = new OnlineDisaggregator(options, state?.value('powers'));
    this.#known = new Powers(this.#powers.powers());
    if (state === undefined) return;
    this.#curve = MachineCurve.from(state.object('curve'));
    this.#basis = state.text('basis');
    this.#load = state.number('load', 0);
    this.#squares = state.number('squares', 0);
    this.#seconds = state.number('seconds', 0);
  }

  get floorWatts(): number {
    return this.#curve.floorWatts;
  }

  /** How much a call of the function weighs beside others' where nobody counts processors. */
  callWeight(name: string): number {
    return Math.max(LEAST_WEIGHT, this.#known.relative(byCall(name)));
  }

  /** Learns from a window; `watts` beyond idle, NaN where unknown. `isBeyondIdle` is false while idle is unknown and in them. */
  follow(loads: WindowLoads, watts: Float64Array, isBeyondIdle: boolean): ModelledPower {
    const { total, presence } = loads;
    const { tickSeconds, count } = loads.rows;
    const basis = `${mostlyCounted(loads) ? 'processors' : 'calls'} ${isBeyondIdle ? 'beyond idle' : 'and idle'}`;
    if (basis !== this.#basis && presence.some((here) => here > 0))
      [this.#curve, this.#basis] = [new MachineCurve(), basis];
    const ofProcessors = without(watts, loads, this.#known);
    this.#curve.follow({ load: total, presence, watts: ofProcessors, tickSeconds });
    this.#powers.update(regressors(loads, watts, this.#curve));
    this.#known = new Powers(this.#powers.powers());
    const entryWatts = this.#entryWatts(loads);
    let [square, ticks, load, busy] = [0, 0, 0, 0];
    for (let tick = 0; tick < count; tick++) {
      const here = presence[tick] ?? 0;
      if (!(here > 0)) continue;
      busy++;
      load += total[tick] ?? 0;
      if (!Number.isFinite(watts[tick])) continue;
      let predicted = here * this.#curve.floorWatts;
      for (let p = loads.rows.rowStart[tick] ?? 0; p < (loads.rows.rowStart[tick + 1] ?? 0); p++)
        predicted += entryWatts[p] ?? 0;
      square += ((watts[tick] ?? 0) - predicted) ** 2;
      ticks++;
    }
    if (busy > 0) this.#load = load / busy;
    const kept = Math.exp((-ticks * tickSeconds) / MEMORY_SECONDS);
    this.#squares = this.#squares * kept + square * tickSeconds;
    this.#seconds = this.#seconds * kept + ticks * tickSeconds;
    const usual = this.#seconds > 0 ? this.#squares / this.#seconds : 0;
    return {
      entryWatts,
      floorWatts: this.#curve.floorWatts,
      deviationWatts: Math.sqrt(Math.max(usual, ticks > 0 ? square / ticks : 0)),
    };
  }

  #entryWatts({ rows, load, counted, total }: WindowLoads): Float64Array {
    const relative = (name: (of: string) => string): Float64Array =>
      Float64Array.from(rows.columns, (of) => this.#known.relative(name(of)));
    const [cpu, run] = [relative(byProcessor), relative(byCall)];
    const more = Float64Array.from(rows.columns, (of) => this.#known.watts(beside(of)));
    const watts = new Float64Array(load.length);
    for (let tick = 0; tick < rows.count; tick++) {
      const each = this.#curve.meanWatts(total[tick] ?? 0);
      for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
        const who = rows.column[p] ?? 0;
        const busy = (load[p] ?? 0) * each;
        watts[p] =
          counted[p] === 1
            ? busy * (cpu[who] ?? 0) + ((rows.seconds[p] ?? 0) / rows.tickSeconds) * (more[who] ?? 0)
            : busy * (run[who] ?? 0);
      }
    }
    return watts;
  }

  /** What one more running call adds at the load at hand; `processors` that it keeps busy, undefined where nobody counts them. */
  callWatts(name: string, processors: number | undefined): CallWatts {
    const step = (load: number): number =>
      this.#curve.watts(this.#load + load) - this.#curve.watts(this.#load);
    if (processors === undefined) {
      const weight = this.callWeight(name);
      const each = step(weight) / weight;
      const error = this.#known.error(byCall(name));
      return {
        watts: this.#known.relative(byCall(name)) * each,
        ...(error !== undefined && { standardError: error * each }),
      };
    }
    const added = step(processors);
    const errors = [this.#known.error(byProcessor(name)), this.#known.error(beside(name))] as const;
    return {
      watts: this.#known.relative(byProcessor(name)) * added + this.#known.watts(beside(name)),
      ...(errors[0] !== undefined && { standardError: Math.hypot(errors[0] * added, errors[1] ?? 0) }),
    };
  }

  toJSON(): unknown {
    return {
      powers: this.#powers.toJSON(),
      curve: this.#curve.toJSON(),
      basis: this.#basis,
      load: this.#load,
      squares: this.#squares,
      seconds: this.#seconds,
    };
  }
}

/** Powers by the names that they are followed under. */
class Powers {
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #powers: OnlinePowers;

  constructor(powers: OnlinePowers) {
    this.#powers = powers;
    this.#slotOf = new Map(powers.functions.map((name, slot) => [name, slot]));
  }

  /** Of what nobody knows yet, nothing. */
  watts(name: string): number {
    return this.#powers.watts[this.#slotOf.get(name) ?? -1] ?? 0;
  }

  /** Of what nobody knows yet, the usual. */
  relative(name: string): number {
    return this.#powers.watts[this.#slotOf.get(name) ?? -1] ?? 1;
  }

  error(name: string): number | undefined {
    return this.#powers.standardErrors?.[this.#slotOf.get(name) ?? -1];
  }
}

/** Whether most of what ran has its processors counted. */
function mostlyCounted({ rows, counted }: WindowLoads): boolean {
  let [known, all] = [0, 0];
  for (const [p, who] of rows.column.entries()) {
    if (who >= rows.functionCount) continue;
    all += rows.seconds[p] ?? 0;
    if (counted[p] === 1) known += rows.seconds[p] ?? 0;
  }
  return known > 0 && known >= all / 2;
}

/** The power without what calls draw beside their processors. */
function without(watts: Float64Array, { rows, counted }: WindowLoads, known: Powers): Float64Array {
  const more = rows.columns.map((name, who) => (who < rows.functionCount ? known.watts(beside(name)) : 0));
  return watts.map((value, tick) => {
    let left = value;
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
      if (counted[p] === 1)
        left -= ((more[rows.column[p] ?? 0] ?? 0) * (rows.seconds[p] ?? 0)) / rows.tickSeconds;
    return Number.isFinite(value) ? Math.max(0, left) : Number.NaN;
  });
}
