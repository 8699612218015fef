import { GRIDS, type GridName } from './grids.js';
import type { RegionIntensity } from './row.js';

const ROWS: readonly (readonly [region: string, name: string, grid: GridName])[] = [
  ['us-east-1', 'N. Virginia', 'US-SERC'],
  ['us-east-2', 'Ohio', 'US-RFC'],
  ['us-west-1', 'N. California', 'US-WECC'],
  ['us-west-2', 'Oregon', 'US-WECC'],
  ['us-gov-east-1', 'GovCloud US-East', 'US-SERC'],
  ['us-gov-west-1', 'GovCloud US-West', 'US-WECC'],
  ['af-south-1', 'Cape Town', 'ZA'],
  ['ap-east-1', 'Hong Kong', 'HK'],
  ['ap-northeast-1', 'Tokyo', 'JP'],
  ['ap-northeast-2', 'Seoul', 'KR'],
  ['ap-northeast-3', 'Osaka', 'JP'],
  ['ap-south-1', 'Mumbai', 'IN'],
  ['ap-south-2', 'Hyderabad', 'IN'],
  ['ap-southeast-1', 'Singapore', 'SG'],
  ['ap-southeast-2', 'Sydney', 'AU'],
  ['ap-southeast-3', 'Jakarta', 'ID'],
  ['ap-southeast-4', 'Melbourne', 'AU'],
  ['ca-central-1', 'Central Canada', 'CA'],
  ['cn-north-1', 'Beijing', 'CN'],
  ['cn-northwest-1', 'Ningxia', 'CN'],
  ['eu-central-1', 'Frankfurt', 'DE'],
  ['eu-north-1', 'Stockholm', 'SE'],
  ['eu-south-1', 'Milan', 'IT'],
  ['eu-west-1', 'Ireland', 'IE'],
  ['eu-west-2', 'London', 'GB'],
  ['eu-west-3', 'Paris', 'FR'],
  ['me-central-1', 'United Arab Emirates', 'AE'],
  ['me-south-1', 'Bahrain', 'BH'],
  ['sa-east-1', 'São Paulo', 'BR'],
];

export const AWS_REGIONS: readonly RegionIntensity[] = ROWS.map(([region, name, grid]) => ({
  provider: 'aws',
  region,
  name,
  ...GRIDS[grid],
}));
