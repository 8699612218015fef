import { columnSums } from '../../maths/index.js';
import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import type { FairShares } from '../shares/fair-shares.js';
import { evenWeights, invocationWeights, shareInWindows } from '../shares/window-shares.js';
import type { AccountWindow } from './account-window.js';
import type { WindowEnergies } from './window-energies.js';

/** Operational grams by function: every joule at the intensity of its tick. Sharing joules or the grams of them comes to the same. */
export function windowGrams(
  window: AccountWindow,
  energies: WindowEnergies,
  shares: FairShares,
): Float64Array {
  const { rows } = energies;
  const perJoule = gramsPerJoule(window, energies);
  const inGrams = (joules: Float64Array): Float64Array =>
    joules.map((value, tick) =>
      Number.isNaN(energies.measuredJoules[tick]) ? 0 : value * (perJoule[tick] ?? 0),
    );
  const own = new Float64Array(rows.column.length);
  for (let tick = 0; tick < rows.count; tick++)
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++)
      own[p] = (shares.entryJoules[p] || 0) * (perJoule[tick] ?? 0);
  const individual = columnSums(rows.column, own, rows.functionCount);
  const { activity } = shares;
  const idle = shareInWindows(
    activity,
    evenWeights(activity),
    rows.functionCount,
    inGrams(energies.idleJoules),
  );
  const control = shareInWindows(
    activity,
    invocationWeights(activity),
    rows.functionCount,
    inGrams(shares.controlPlaneCourseJoules),
  );
  return individual.map((grams, f) => grams + (idle.byFunction[f] ?? 0) + (control.byFunction[f] ?? 0));
}

/** By tick, the building's losses included. Energy of an unknown intensity counts as the mean of the rest. */
function gramsPerJoule(
  { gramsPerKilowattHour, pue = 1 }: AccountWindow,
  { measuredJoules }: WindowEnergies,
): Float64Array {
  const factor = pue / JOULES_PER_KILOWATT_HOUR;
  if (typeof gramsPerKilowattHour === 'number')
    return new Float64Array(measuredJoules.length).fill(gramsPerKilowattHour * factor);
  let [grams, joules, rates, known] = [0, 0, 0, 0];
  for (const [tick, rate] of gramsPerKilowattHour.entries()) {
    if (!isRate(rate)) continue;
    grams += rate * (measuredJoules[tick] || 0);
    joules += measuredJoules[tick] || 0;
    rates += rate;
    known++;
  }
  const mean = joules > 0 ? grams / joules : rates / Math.max(1, known);
  return gramsPerKilowattHour.map((rate) => (isRate(rate) ? rate : mean) * factor);
}

const isRate = (rate: number): boolean => rate >= 0 && rate < Infinity;
