import { closest, ErrorCode, WattloopError } from '../../../errors/index.js';
import { AWS_REGIONS } from './aws.js';
import { AZURE_REGIONS } from './azure.js';
import { COUNTRIES, ISO_TWO_LETTERS, WORLD } from './countries.js';
import { GOOGLE_REGIONS } from './google.js';
import { REGION_PROVIDERS, type RegionIntensity } from './row.js';

/** Every place whose mean intensity is known, each with its source. */
export const REGION_INTENSITIES: readonly RegionIntensity[] = [
  ...AWS_REGIONS,
  ...AZURE_REGIONS,
  ...GOOGLE_REGIONS,
  ...COUNTRIES,
  WORLD,
];

/** Names that differ in accents alone are the same: people leave them out. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .trim()
    .toLowerCase();

/** `East US 2` is how Azure's pages write `eastus2`. A dash stays: us-east-1 is of AWS, us-east1 is of Google. */
const joined = (text: string): string => plain(text).replaceAll(' ', '');

function index(keysOf: (row: RegionIntensity) => readonly string[]): ReadonlyMap<string, RegionIntensity> {
  const map = new Map<string, RegionIntensity>();
  for (const row of REGION_INTENSITIES) {
    for (const key of keysOf(row)) if (!map.has(key)) map.set(key, row);
  }
  return map;
}

const BY_ID = index(({ provider, region }) => [plain(region), `${provider}:${plain(region)}`]);
// A city has several regions with figures of their own, and so says too little; a country has one.
const BY_NAME = index(({ provider, name }) =>
  provider === 'azure' || provider === 'country' ? [joined(name), `${provider}:${joined(name)}`] : [],
);

/**
 * The place that a text names, or undefined: a region's id as its provider writes it, with the provider before it or not
 * (`aws:eu-west-1`), or a country by its name or its two or three letters.
 */
export function findRegion(text: string): RegionIntensity | undefined {
  const id = plain(text).replace(/^(aws|azure|gcp|country)[/ ]/, '$1:');
  const letters = ISO_TWO_LETTERS.get(id.toUpperCase().replace(/^COUNTRY:/, '')) ?? '';
  return BY_ID.get(id) ?? BY_NAME.get(joined(id)) ?? BY_ID.get(plain(letters));
}

/** The regions that a text may have been meant for: the nearest of each provider, the nearest first. */
function near(text: string): string[] {
  const word = plain(text);
  const prefix = /^(aws|azure|gcp|country)[:/ ]\s*(.*)$/.exec(word);
  const wanted = prefix?.[2] ?? word;
  const best: string[] = [];
  for (const provider of REGION_PROVIDERS) {
    if (prefix && prefix[1] !== provider) continue;
    const rows = REGION_INTENSITIES.filter((row) => row.provider === provider);
    const nearest = closest(
      wanted,
      rows.flatMap(({ region, name }) => (provider === 'country' ? [name, region] : [region])),
    );
    if (nearest !== undefined) best.push(nearest);
  }
  const first = closest(wanted, best);
  return best
    .filter((name) => name === first)
    .concat(best.filter((name) => name !== first))
    .slice(0, 3);
}

/** The place that a text names; one that isn't known is an error that says which ones are like it. */
export function regionIntensity(text: string): RegionIntensity {
  const found = findRegion(text);
  if (found) return found;
  throw new WattloopError(ErrorCode.notFound, `no carbon intensity is known for the region "${text}"`, {
    remedy: `Did you mean ${near(text).join(', ')}? Any other place can be given as grams per kWh`,
  });
}
