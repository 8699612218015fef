import type { PriceTable } from './price-table.js';
import { flat, type Tier } from './tiers.js';

const BILLION = 1e9;
const PER_MILLION = 1e-6;

const lambdaTiers = (first: number, second: number, rates: readonly number[]): Tier[] => {
  const [one = 0, two = 0, three = 0] = rates;
  return [
    { upTo: first * BILLION, rate: one },
    { upTo: second * BILLION, rate: two },
    { upTo: Number.POSITIVE_INFINITY, rate: three },
  ];
};

const LAMBDA = {
  provider: 'aws',
  product: 'AWS Lambda',
  regions: 'US East (N. Virginia, Ohio), US West (Oregon), Europe (Ireland) and most others',
  currency: 'USD',
  asOf: '2026-08-21',
  source: { title: 'AWS Lambda Pricing', url: 'https://aws.amazon.com/lambda/pricing/' },
  duration: { stepSeconds: 0.001, minimumSeconds: 0.001 },
  memory: { minimumMib: 128, maximumMib: 10_240, stepMib: 1 },
  perRequest: 0.2 * PER_MILLION,
  storage: { includedMib: 512, maximumMib: 10_240, perGbSecond: 0.0000000309 },
  free: { requests: 1e6, gbSeconds: 400_000 },
} as const;

const GOOGLE = {
  provider: 'gcp',
  currency: 'USD',
  duration: { stepSeconds: 0.1, minimumSeconds: 0.1 },
  perRequest: 0.4 * PER_MILLION,
} as const;

const CLOUD_RUN = {
  ...GOOGLE,
  product: 'Google Cloud Run functions, charged by request',
  asOf: '2026-08-11',
  source: { title: 'Cloud Run pricing', url: 'https://cloud.google.com/run/pricing' },
  memory: {
    minimumMib: 128,
    maximumMib: 32_768,
    sizesMib: [128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768],
  },
  free: { requests: 2e6, gbSeconds: 360_000, cpuSeconds: 180_000 },
} as const;

/** vCPUs that go with memory unless others are chosen. */
const CLOUD_RUN_CPUS = [
  [128, 0.083],
  [256, 0.167],
  [512, 0.333],
  [1024, 0.583],
  [2048, 1],
  [4096, 2],
  [8192, 2],
  [16_384, 4],
  [32_768, 8],
] as const;

const FIRST_GENERATION = {
  ...GOOGLE,
  product: 'Google Cloud Run functions, 1st generation',
  asOf: '2024-09-25',
  source: {
    title: 'Cloud Run functions (1st gen) pricing',
    url: 'https://cloud.google.com/functions/pricing-1stgen',
  },
  memory: { minimumMib: 128, maximumMib: 8192, sizesMib: [128, 256, 512, 1024, 2048, 4096, 8192] },
  free: { requests: 2e6, gbSeconds: 400_000, cpuSeconds: 200_000 },
} as const;

const FIRST_GENERATION_GHZ = [
  [128, 0.2],
  [256, 0.4],
  [512, 0.8],
  [1024, 1.4],
  [2048, 2.4],
  [4096, 4.8],
  [8192, 4.8],
] as const;

const AZURE = {
  provider: 'azure',
  regions: 'East US and most others',
  currency: 'USD',
  asOf: '2025-05-22',
  source: {
    title: 'Azure Functions pricing',
    url: 'https://azure.microsoft.com/pricing/details/functions/',
  },
} as const;

export const PRICE_TABLES: readonly PriceTable[] = [
  {
    ...LAMBDA,
    id: 'aws-lambda-x86',
    architecture: 'x86_64',
    gbSecond: lambdaTiers(6, 15, [0.0000166667, 0.000015, 0.0000133334]),
  },
  {
    ...LAMBDA,
    id: 'aws-lambda-arm',
    architecture: 'arm64',
    gbSecond: lambdaTiers(7.5, 18.75, [0.0000133334, 0.0000120001, 0.0000106667]),
  },
  {
    ...CLOUD_RUN,
    id: 'gcp-functions-tier1',
    regions: 'Tier 1: us-central1, us-east1, us-west1, europe-west1, asia-east1 and others',
    gbSecond: flat(0.0000025),
    cpu: { unit: 'vCPU', perUnitSecond: 0.000024, byMemory: CLOUD_RUN_CPUS },
  },
  {
    ...CLOUD_RUN,
    id: 'gcp-functions-tier2',
    regions: 'Tier 2: us-west2, europe-west2, europe-west3, asia-south1, southamerica-east1 and others',
    gbSecond: flat(0.0000035),
    cpu: { unit: 'vCPU', perUnitSecond: 0.0000336, byMemory: CLOUD_RUN_CPUS },
  },
  {
    ...FIRST_GENERATION,
    id: 'gcp-functions-gen1-tier1',
    regions: 'Tier 1: us-central1, us-east1, europe-west1, europe-west2, asia-northeast1 and others',
    gbSecond: flat(0.0000025),
    cpu: { unit: 'GHz', perUnitSecond: 0.00001, byMemory: FIRST_GENERATION_GHZ },
  },
  {
    ...FIRST_GENERATION,
    id: 'gcp-functions-gen1-tier2',
    regions: 'Tier 2: us-west2, europe-west3, asia-south1, southamerica-east1 and others',
    gbSecond: flat(0.0000035),
    cpu: { unit: 'GHz', perUnitSecond: 0.000014, byMemory: FIRST_GENERATION_GHZ },
  },
  {
    ...AZURE,
    id: 'azure-consumption',
    product: 'Azure Functions, Consumption plan',
    duration: { stepSeconds: 0.001, minimumSeconds: 0.1 },
    memory: { minimumMib: 128, maximumMib: 1536, stepMib: 128 },
    gbSecond: flat(0.000016),
    perRequest: 0.2 * PER_MILLION,
    free: { requests: 1e6, gbSeconds: 400_000 },
  },
  {
    ...AZURE,
    id: 'azure-flex-consumption',
    product: 'Azure Functions, Flex Consumption plan, on demand',
    duration: { stepSeconds: 0.1, minimumSeconds: 1 },
    memory: { minimumMib: 512, maximumMib: 4096, sizesMib: [512, 2048, 4096] },
    gbSecond: flat(0.000026),
    perRequest: 0.4 * PER_MILLION,
    free: { requests: 250_000, gbSeconds: 100_000 },
  },
];
