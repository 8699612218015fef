import type { Citation } from '../../citation.js';
import type { RegionIntensity } from './row.js';

const SOURCE: Citation = {
  title: 'Google, Carbon-free energy for Google Cloud regions: grid carbon intensity, 2025',
  url: 'https://github.com/GoogleCloudPlatform/region-carbon-info',
};
const YEAR = 2025;

const ROWS: readonly (readonly [region: string, name: string, gramsPerKilowattHour: number])[] = [
  ['africa-south1', 'Johannesburg', 641.42],
  ['asia-east1', 'Taiwan', 427.95],
  ['asia-east2', 'Hong Kong', 488.52],
  ['asia-northeast1', 'Tokyo', 449.23],
  ['asia-northeast2', 'Osaka', 298.92],
  ['asia-northeast3', 'Seoul', 359.05],
  ['asia-south1', 'Mumbai', 598.45],
  ['asia-south2', 'Delhi', 472.55],
  ['asia-southeast1', 'Singapore', 365.66],
  ['asia-southeast2', 'Jakarta', 587.8],
  ['asia-southeast3', 'Bangkok', 364.68],
  ['australia-southeast1', 'Sydney', 468.34],
  ['australia-southeast2', 'Melbourne', 415.89],
  ['europe-central2', 'Warsaw', 498.57],
  ['europe-north1', 'Finland', 29.84],
  ['europe-north2', 'Stockholm', 19.39],
  ['europe-southwest1', 'Madrid', 95.75],
  ['europe-west1', 'Belgium', 126.43],
  ['europe-west2', 'London', 109.39],
  ['europe-west3', 'Frankfurt', 275.81],
  ['europe-west4', 'Eemshaven', 194.35],
  ['europe-west6', 'Zürich', 21.2],
  ['europe-west8', 'Milan', 202.03],
  ['europe-west9', 'Paris', 15.83],
  ['europe-west10', 'Berlin', 275.81],
  ['europe-west12', 'Turin', 202.03],
  ['me-central1', 'Doha', 370],
  ['me-central2', 'Dammam', 381.29],
  ['me-west1', 'Tel Aviv', 380.95],
  ['northamerica-northeast1', 'Montréal', 11.36],
  ['northamerica-northeast2', 'Toronto', 74.2],
  ['northamerica-south1', 'Mexico', 293.25],
  ['southamerica-east1', 'São Paulo', 73.25],
  ['southamerica-west1', 'Santiago', 209.94],
  ['us-central1', 'Iowa', 431.95],
  ['us-east1', 'South Carolina', 579.44],
  ['us-east4', 'Northern Virginia', 343.48],
  ['us-east5', 'Columbus', 343.48],
  ['us-south1', 'Dallas', 299.13],
  ['us-west1', 'Oregon', 97.85],
  ['us-west2', 'Los Angeles', 149.91],
  ['us-west3', 'Salt Lake City', 567.51],
  ['us-west4', 'Las Vegas', 360],
];

export const GOOGLE_REGIONS: readonly RegionIntensity[] = ROWS.map(
  ([region, name, gramsPerKilowattHour]) => ({
    provider: 'gcp',
    region,
    name,
    gramsPerKilowattHour,
    year: YEAR,
    source: SOURCE,
  }),
);
