import type { Citation } from '../citation.js';

/** What a data centre draws for each joule of its machines. */
export interface PueRow {
  readonly provider: string;
  readonly pue: number;
  readonly year: number;
  readonly source: Citation;
}

/** Means over all of a provider's data centres, as it published them: a single building may be well off. */
export const PUE_TABLE: readonly PueRow[] = [
  {
    provider: 'aws',
    pue: 1.15,
    year: 2023,
    source: {
      title: 'Amazon Web Services, data centres: global PUE, published at re:Invent 2024',
      url: 'https://sustainability.aboutamazon.com/products-services/aws-cloud',
    },
  },
  {
    provider: 'azure',
    pue: 1.18,
    year: 2022,
    source: {
      title: 'Microsoft, measuring energy and water efficiency for Microsoft datacenters',
      url: 'https://datacenters.microsoft.com/sustainability/efficiency/',
    },
  },
  {
    provider: 'gcp',
    pue: 1.1,
    year: 2023,
    source: {
      title: 'Google, data centres: fleet-wide trailing twelve-month PUE',
      url: 'https://datacenters.google/efficiency/',
    },
  },
  {
    provider: 'on-premise',
    pue: 1.58,
    year: 2023,
    source: {
      title: 'Uptime Institute, Global Data Center Survey 2023: mean annual PUE',
      url: 'https://uptimeinstitute.com/resources/research-and-reports/uptime-institute-global-data-center-survey-results-2023',
    },
  },
];

/** The row of `aws`, `azure`, `gcp` or `on-premise`; undefined for what isn't in the table. */
export const pueOf = (provider: string): PueRow | undefined =>
  PUE_TABLE.find((row) => row.provider === provider.toLowerCase());
