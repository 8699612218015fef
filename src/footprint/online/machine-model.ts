import { OnlineDisaggregator } from './disaggregator.js';
import { firstPowers, withoutBeside } from './first-powers.js';
import { FollowedPowers } from './followed-powers.js';
import { callWeight, LoadPower } from './load-power.js';
import { MachineCurve } from './machine-curve.js';
import { basisOf, type CallWatts, type ModelledPower } from './modelled-power.js';
import type { OnlineOptions } from './online.js';
import { beside, byCall, byProcessor, regressors } from './regressors.js';
import { RunningMean } from './running-mean.js';
import type { SavedState } from './saved-state.js';
import type { WindowLoads } from './window-loads.js';

/** How long a deviation is remembered. */
const MEMORY_SECONDS = 1200;

/**
 * How a machine's power beyond idle follows from its load: a curve that all share, and by how much each function's load
 * differs from the usual. Each is learnt while the other stands still, window by window.
 */
export class MachineModel {
  readonly #options: OnlineOptions;
  readonly #followed: OnlineDisaggregator;
  #curve = new MachineCurve();
  /** What the curve is over; where that changes the curve is learnt anew. */
  #over = '';
  #powers: FollowedPowers;
  /** Mean load of the last ticks in which someone was there. */
  #load = 0;
  readonly #square: RunningMean;

  constructor(options: OnlineOptions, state?: SavedState) {
    this.#options = options;
    this.#followed = new OnlineDisaggregator(options, state?.value('powers'));
    this.#powers = new FollowedPowers(this.#followed.powers());
    this.#square = new RunningMean(MEMORY_SECONDS, state?.object('square'));
    if (state === undefined) return;
    this.#curve = MachineCurve.from(state.object('curve'));
    this.#over = state.text('over');
    this.#load = state.number('load', 0);
  }

  /** How much a call of the function weighs beside others' where nobody counts processors. */
  callWeight(name: string): number {
    return callWeight(this.#powers, name);
  }

  /** Learns from a window; `watts` are beyond idle, or while that is unknown contain it; NaN where there is no power. */
  follow(loads: WindowLoads, watts: Float64Array, isBeyondIdle: boolean): ModelledPower {
    const basis = basisOf(loads);
    this.#learn(loads, watts, `${basis} ${isBeyondIdle ? 'beyond idle' : 'and idle'}`);
    const power = new LoadPower(this.#powers, this.#curve);
    const [curved, besides] = [power.curveWatts(loads), power.besideWatts(loads)];
    const entryWatts = curved.map((value, p) => value + (besides[p] ?? 0));
    return {
      basis,
      entryWatts,
      ...(basis === 'processors' && { marginalWatts: power.marginalWatts(loads, curved, besides) }),
      floorWatts: this.#curve.floorWatts,
      deviationWatts: this.#deviation(loads, watts, entryWatts),
    };
  }

  #learn(loads: WindowLoads, watts: Float64Array, over: string): void {
    const { total, presence, rows } = loads;
    const { tickSeconds } = rows;
    if (over !== this.#over && presence.some((here) => here > 0)) {
      this.#curve = new MachineCurve();
      this.#over = over;
      this.#powers = firstPowers(loads, watts, this.#options);
    }
    // What calls are known to draw beside their processors is no part of the curve.
    const left = withoutBeside(watts, loads, this.#powers);
    this.#curve.follow({ load: total, presence, watts: left, tickSeconds });
    this.#followed.update(regressors(loads, watts, this.#curve));
    this.#powers = new FollowedPowers(this.#followed.powers());
    const busy = presence.reduce((count, here) => count + Number(here > 0), 0);
    const load = total.reduce((sum, value, tick) => sum + ((presence[tick] ?? 0) > 0 ? value : 0), 0);
    if (busy > 0) this.#load = load / busy;
  }

  /** The usual one, or this window's if that is larger. */
  #deviation(loads: WindowLoads, watts: Float64Array, entryWatts: Float64Array): number {
    const { rows, presence } = loads;
    let [square, ticks] = [0, 0];
    for (let tick = 0; tick < rows.count; tick++) {
      const here = presence[tick] ?? 0;
      if (!(here > 0) || !Number.isFinite(watts[tick])) continue;
      let predicted = here * this.#curve.floorWatts;
      for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
        predicted += entryWatts[p] ?? 0;
      square += ((watts[tick] ?? 0) - predicted) ** 2;
      ticks++;
    }
    if (ticks > 0) this.#square.add(square / ticks, ticks * rows.tickSeconds);
    return Math.sqrt(Math.max(this.#square.mean, ticks > 0 ? square / ticks : 0));
  }

  /** What one more running call adds at the load at hand; `processors` that it keeps busy, undefined where nobody counts them. */
  callWatts(name: string, processors: number | undefined): CallWatts {
    const load = processors ?? this.callWeight(name);
    const added = this.#curve.watts(this.#load + load) - this.#curve.watts(this.#load);
    const parts =
      processors === undefined
        ? // A call's weight is in the load already.
          new Map([[byCall(name), added / load]])
        : new Map([
            [byProcessor(name), added],
            [beside(name), 1],
          ]);
    const error = this.#followed.errorOfSum(parts);
    return {
      watts: Array.from(parts, ([key, weight]) =>
        key === beside(name) ? this.#powers.watts(key) : weight * this.#powers.relative(key),
      ).reduce((sum, watts) => sum + watts, 0),
      ...(error !== undefined && Number.isFinite(error) && { standardError: error }),
    };
  }

  toJSON(): unknown {
    return {
      powers: this.#followed.toJSON(),
      curve: this.#curve.toJSON(),
      over: this.#over,
      load: this.#load,
      square: this.#square.toJSON(),
    };
  }
}
