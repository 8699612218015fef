import type { Citation } from '../../citation.js';

// Grids that regions of AWS and Azure stand in, with the figure that Cloud Carbon Footprint's tables have for them, each from
// the agency that is named. Location-based: what the grid emits, whatever certificates a provider bought.

const appendix = 'https://www.cloudcarbonfootprint.org/docs/methodology/#appendix-v-grid-emissions-factors';
const cited = (agency: string): Citation => ({
  title: `${agency}, as collected by Cloud Carbon Footprint`,
  url: appendix,
});

const EPA = cited('US EPA eGRID, by NERC region');
const EEA = cited('European Environment Agency');
const CARBON_FOOTPRINT = cited('carbonfootprint.com, country-specific electricity factors');
const EMA = cited('Energy Market Authority of Singapore');

export interface Grid {
  readonly gramsPerKilowattHour: number;
  readonly source: Citation;
}

const grid = (gramsPerKilowattHour: number, source: Citation): Grid => ({ gramsPerKilowattHour, source });

export const GRIDS = {
  'US-MRO': grid(426.254, EPA),
  'US-RFC': grid(410.608, EPA),
  'US-SERC': grid(379.069, EPA),
  'US-TRE': grid(373.231, EPA),
  'US-WECC': grid(322.167, EPA),
  AE: grid(404.1, CARBON_FOOTPRINT),
  AU: grid(760, CARBON_FOOTPRINT),
  BE: grid(154, EEA),
  BH: grid(505.9, CARBON_FOOTPRINT),
  BR: grid(61.7, CARBON_FOOTPRINT),
  CA: grid(120, CARBON_FOOTPRINT),
  CN: grid(537.4, CARBON_FOOTPRINT),
  DE: grid(311, EEA),
  FI: grid(77, EEA),
  FR: grid(51.1, EEA),
  GB: grid(225, EEA),
  HK: grid(710, CARBON_FOOTPRINT),
  ID: grid(717.7, CARBON_FOOTPRINT),
  IE: grid(278.6, EEA),
  IN: grid(708.2, CARBON_FOOTPRINT),
  IT: grid(213.4, EEA),
  JP: grid(465.8, CARBON_FOOTPRINT),
  KR: grid(415.6, CARBON_FOOTPRINT),
  NL: grid(390, EEA),
  SE: grid(8.8, EEA),
  SG: grid(408, EMA),
  ZA: grid(900.6, CARBON_FOOTPRINT),
} as const satisfies Readonly<Record<string, Grid>>;

export type GridName = keyof typeof GRIDS;
