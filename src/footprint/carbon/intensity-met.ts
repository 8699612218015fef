import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import type { RateSeries } from '../rate/rate-series.js';
import type { FairShares } from '../shares/fair-shares.js';
import type { TickAccount } from '../tick-account/tick-account.js';
import { operationalOfTicks } from './operational.js';

/** Grams per kWh that each function's own energy met, where the intensity changes; the mean of all energy where it has none of its own. */
export function intensityMet(
  intensity: RateSeries,
  { energies }: TickAccount,
  { entryJoules }: FairShares,
): Float64Array {
  const { rows, measuredJoules } = energies;
  const ticks = intensity.ticks(rows.start, rows.tickSeconds, rows.count);
  const mean =
    operationalOfTicks(measuredJoules ?? new Float64Array(rows.count), ticks).meanGramsPerKilowattHour ??
    Number.NaN;
  const [grams, joules] = [new Float64Array(rows.functionCount), new Float64Array(rows.functionCount)];
  for (let tick = 0; tick < rows.count; tick++) {
    const rate = ticks.perKilowattHour[tick] ?? Number.NaN;
    if (Number.isNaN(rate)) continue;
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const f = rows.column[p] ?? 0;
      const own = entryJoules[p] ?? 0;
      if (f >= rows.functionCount) continue;
      grams[f] = (grams[f] ?? 0) + (own * rate) / JOULES_PER_KILOWATT_HOUR;
      joules[f] = (joules[f] ?? 0) + own;
    }
  }
  return grams.map((sum, f) =>
    (joules[f] ?? 0) > 0 ? (sum / (joules[f] ?? 1)) * JOULES_PER_KILOWATT_HOUR : mean,
  );
}
