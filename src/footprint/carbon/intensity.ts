import { type ParseRateOptions, parseRateSeries, type RateColumns } from '../rate/parse-rate-series.js';
import type { RateSeries } from '../rate/rate-series.js';

/** Grams of CO2e per kWh over time. */
export type IntensitySeries = RateSeries;

const COLUMNS: RateColumns = {
  what: 'carbon intensity',
  names: [
    'g_per_kwh',
    'gco2_per_kwh',
    'carbon_intensity',
    'carbonintensity',
    'intensity',
    'grams_per_kwh',
    'gramsperkilowatthour',
    // Exports of Electricity Maps have the emissions of burning alone, and those of the whole life of a plant.
    /^carbon intensity .*life ?cycle/,
    /^carbon intensity/,
    // The national grid's own of Great Britain.
    /^actual carbon intensity/,
  ],
  // Lignite is near 1,100; kilograms or tonnes for grams, or the reverse, are far outside.
  most: 3_000,
};

/** Carbon intensity over time from comma-separated text, as `datetime,g_per_kwh` or an export of Electricity Maps. */
export const parseIntensitySeries = (text: string, options: ParseRateOptions): IntensitySeries =>
  parseRateSeries(text, COLUMNS, options);
