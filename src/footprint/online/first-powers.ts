import { OnlineDisaggregator } from './disaggregator.js';
import { FollowedPowers } from './followed-powers.js';
import { MachineCurve } from './machine-curve.js';
import type { OnlineOptions } from './online.js';
import { beside, regressors } from './regressors.js';
import type { WindowLoads } from './window-loads.js';

const TURNS = 5;

/** The power that is left for the machine's curve: without what calls are fairly sure to draw beside their processors. */
export function withoutBeside(
  watts: Float64Array,
  { rows, counted }: WindowLoads,
  powers: FollowedPowers,
): Float64Array {
  const each = rows.columns.map((name, who) =>
    who < rows.functionCount ? powers.sureWatts(beside(name)) : 0,
  );
  return watts.map((value, tick) => {
    if (!Number.isFinite(value)) return Number.NaN;
    let left = value;
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
      if (counted[p] === 1)
        left -= ((rows.seconds[p] ?? 0) / rows.tickSeconds) * (each[rows.column[p] ?? 0] ?? 0);
    return Math.max(0, left);
  });
}

/**
 * Powers of a first window by itself, found in turns with the curve: learning window by window takes long where it begins
 * far off, as on a machine that draws more beside its processors than for them.
 */
export function firstPowers(loads: WindowLoads, watts: Float64Array, options: OnlineOptions): FollowedPowers {
  const { total, presence, rows } = loads;
  let powers = new FollowedPowers({ functions: [], watts: new Float64Array() });
  for (let turn = 0; turn < TURNS; turn++) {
    const curve = new MachineCurve();
    const left = withoutBeside(watts, loads, powers);
    curve.follow({ load: total, presence, watts: left, tickSeconds: rows.tickSeconds });
    const alone = new OnlineDisaggregator(options);
    alone.update(regressors(loads, watts, curve));
    powers = new FollowedPowers(alone.powers());
  }
  return powers;
}
