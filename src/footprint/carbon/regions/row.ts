import type { Citation } from '../../citation.js';

export const REGION_PROVIDERS = ['aws', 'azure', 'gcp', 'country'] as const;
export type RegionProvider = (typeof REGION_PROVIDERS)[number];

/** The yearly mean of the electricity of a place. */
export interface RegionIntensity {
  readonly provider: RegionProvider;
  /** As the provider writes it: `us-east-1`, `eastus`, `us-east1`; for a country its three letters. */
  readonly region: string;
  readonly name: string;
  readonly gramsPerKilowattHour: number;
  /** The year it is the mean of, where its source says. */
  readonly year?: number;
  readonly source: Citation;
}
