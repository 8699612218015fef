import { JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import { applyRate } from '../rate/apply-rate.js';
import { type ParseRateOptions, parseRateSeries, type RateColumns } from '../rate/parse-rate-series.js';
import type { RateSeries, RateTicks } from '../rate/rate-series.js';

/** Price of electricity per kWh over time. */
export type PriceSeries = RateSeries;

const COLUMNS: RateColumns = {
  what: 'price per kWh',
  names: ['price_per_kwh', 'usd_per_kwh', 'eur_per_kwh', 'price'],
  // A market's price per MWh, taken for one per kWh, is a thousand times too high.
  most: 20,
};

/** Prices of electricity over time from comma-separated text, as `datetime,price_per_kwh`. */
export const parsePriceSeries = (text: string, options: ParseRateOptions): PriceSeries =>
  parseRateSeries(text, COLUMNS, options);

/** What the electricity costs, the building's own included by PUE. */
export const electricityCost = (joules: number, pricePerKilowattHour: number, pue = 1): number =>
  ((joules * pue) / JOULES_PER_KILOWATT_HOUR) * pricePerKilowattHour;

export interface ElectricityCost {
  readonly cost: number;
  /** Joules at moments whose price is not known: not in `cost`. */
  readonly unratedJoules: number;
}

/** The same with a price that changes: the energy of each tick at the price of that tick. */
export function electricityCostOfTicks(
  joulesByTick: Float64Array,
  price: RateTicks,
  pue = 1,
): ElectricityCost {
  const { amount, unratedJoules } = applyRate(joulesByTick, price);
  return { cost: amount * pue, unratedJoules };
}
