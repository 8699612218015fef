import { closest, ErrorCode, WattloopError } from '../../errors/index.js';
import type { Citation } from '../citation.js';
import type { EmbodiedServer } from './embodied.js';
import { AWS_FAMILY_KILOGRAMS } from './servers-aws.js';

export interface ServerRow extends EmbodiedServer {
  /** What it is called in the settings: `server`, `aws:m5`. */
  readonly id: string;
  readonly name: string;
  readonly source: Citation;
}

const PAPER_LIFETIME_YEARS = 5;
const CLOUD_LIFETIME_YEARS = 4;

const SOCC: Citation = {
  title:
    'Accountable Carbon Footprints and Energy Profiling For Serverless Functions (SoCC 2024), embodied emissions of its machines',
  url: 'https://github.com/COS-IN/faasmeter-socc-artifact',
};
const CLOUD_CARBON: Citation = {
  title: 'Cloud Carbon Footprint, methodology: embodied emissions (Teads), four years of service',
  url: 'https://www.cloudcarbonfootprint.org/docs/methodology/#embodied-emissions',
};

const GENERAL: readonly ServerRow[] = [
  {
    id: 'server',
    name: 'Server',
    kilograms: 471,
    lifetimeYears: PAPER_LIFETIME_YEARS,
    source: SOCC,
  },
  {
    id: 'desktop',
    name: 'Desktop computer',
    kilograms: 175,
    lifetimeYears: PAPER_LIFETIME_YEARS,
    source: SOCC,
  },
  {
    id: 'rack-server',
    name: 'Rack server with one processor and 16 GB',
    kilograms: 1000,
    lifetimeYears: CLOUD_LIFETIME_YEARS,
    source: CLOUD_CARBON,
  },
];

/** Whole machines with what their making emitted, each with its source. */
export const SERVERS: readonly ServerRow[] = [
  ...GENERAL,
  ...AWS_FAMILY_KILOGRAMS.map(([family, kilograms]) => ({
    id: `aws:${family}`,
    name: `Machine that AWS ${family} instances are cut from`,
    kilograms,
    lifetimeYears: CLOUD_LIFETIME_YEARS,
    source: CLOUD_CARBON,
  })),
];

const BY_ID: ReadonlyMap<string, ServerRow> = new Map(SERVERS.map((row) => [row.id, row]));

/** A row by its id; an instance's type (`aws:m5.xlarge`) gives the machine of its family. */
export function serverById(id: string): ServerRow {
  const wanted = id.trim().toLowerCase();
  const row =
    BY_ID.get(wanted) ??
    BY_ID.get(wanted.replace(/\..*$/, '')) ??
    BY_ID.get(`aws:${wanted.replace(/\..*$/, '')}`);
  if (row) return row;
  throw new WattloopError(ErrorCode.notFound, `no embodied emissions are known for the server "${id}"`, {
    remedy: `Did you mean ${closest(wanted, BY_ID.keys())}? Any other server can be given as kilograms and years`,
  });
}
