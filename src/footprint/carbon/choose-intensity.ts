import { WORLD } from './regions/countries.js';
import { regionIntensity } from './regions/regions.js';

/** What settings may say of the grid where no series and no live source is at hand. */
export interface IntensitySettings {
  readonly intensity_g_per_kwh?: number | undefined;
  readonly region?: string | undefined;
}

export interface ChosenIntensity {
  readonly gramsPerKilowattHour: number;
  /** How it was got, for people. */
  readonly origin: string;
}

/** The constant intensity in force: the number given, else the region's mean, else the world's. */
export function chooseIntensity(settings: IntensitySettings): ChosenIntensity {
  const { intensity_g_per_kwh: given, region } = settings;
  if (given !== undefined) return { gramsPerKilowattHour: given, origin: 'as given' };
  const row = region === undefined ? WORLD : regionIntensity(region);
  const year = row.year === undefined ? '' : `, ${row.year}`;
  return {
    gramsPerKilowattHour: row.gramsPerKilowattHour,
    origin: `mean of ${row.name}${year} (${row.source.title})`,
  };
}
