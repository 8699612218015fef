import type { FollowedPowers } from './followed-powers.js';
import type { MachineCurve } from './machine-curve.js';
import { beside, byCall, byProcessor, followedNames } from './regressors.js';
import type { WindowLoads } from './window-loads.js';

/** A call that was never seen to draw anything weighs so much in the machine's load, so that it may be seen to. */
const LEAST_WEIGHT = 0.05;

/** How much a call of the function weighs beside others' where nobody counts processors. */
export const callWeight = (powers: FollowedPowers, name: string): number =>
  Math.max(LEAST_WEIGHT, powers.relative(byCall(name)));

/** What is known of the power of a machine's load. */
export class LoadPower {
  readonly #powers: FollowedPowers;
  readonly #curve: MachineCurve;

  constructor(powers: FollowedPowers, curve: MachineCurve) {
    this.#powers = powers;
    this.#curve = curve;
  }

  /** Watts by entry of what calls draw beside their processors. */
  besideWatts({ rows, counted }: WindowLoads): Float64Array {
    const each = rows.columns.map((name, who) =>
      who < rows.functionCount ? this.#powers.watts(beside(name)) : 0,
    );
    return Float64Array.from(rows.column, (who, p) =>
      counted[p] === 1 ? ((rows.seconds[p] ?? 0) / rows.tickSeconds) * (each[who] ?? 0) : 0,
    );
  }

  /** Watts by entry of what follows the machine's curve. */
  curveWatts({ rows, load, counted, total }: WindowLoads): Float64Array {
    const names = followedNames(rows);
    const cpu = Float64Array.from(names, (name) => this.#powers.relative(byProcessor(name)));
    const run = Float64Array.from(names, (name) => this.#powers.relative(byCall(name)));
    const watts = new Float64Array(load.length);
    for (let tick = 0; tick < rows.count; tick++) {
      const each = this.#curve.meanWatts(total[tick] ?? 0);
      for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
        watts[p] = (load[p] ?? 0) * each * ((counted[p] === 1 ? cpu : run)[rows.column[p] ?? 0] ?? 0);
    }
    return watts;
  }

  /**
   * By entry: how much less the machine would draw without it, others doing the same in the same time. They would draw more
   * for each unit of load, as the curve flattens.
   */
  marginalWatts(loads: WindowLoads, curveWatts: Float64Array, besideWatts: Float64Array): Float64Array {
    const { rows, load, total } = loads;
    const watts = new Float64Array(load.length);
    for (let tick = 0; tick < rows.count; tick++) {
      const [from, to] = [rows.rowStart[tick] ?? 0, rows.rowStart[tick + 1] ?? 0];
      const each = this.#curve.meanWatts(total[tick] ?? 0);
      let [all, running] = [0, 0];
      for (let p = from; p < to; p++) {
        all += curveWatts[p] ?? 0;
        running += this.#running(loads, p);
      }
      for (let p = from; p < to; p++) {
        const left = this.#curve.meanWatts(Math.max(0, (total[tick] ?? 0) - (load[p] ?? 0)));
        const others = each > 0 ? ((all - (curveWatts[p] ?? 0)) * left) / each : 0;
        const present = Math.min(1, running) - Math.min(1, Math.max(0, running - this.#running(loads, p)));
        watts[p] = this.#curve.floorWatts * present + (besideWatts[p] ?? 0) + Math.max(0, all - others);
      }
    }
    return watts;
  }

  #running({ rows }: WindowLoads, entry: number): number {
    return (rows.column[entry] ?? 0) < rows.functionCount ? (rows.seconds[entry] ?? 0) / rows.tickSeconds : 0;
  }
}
