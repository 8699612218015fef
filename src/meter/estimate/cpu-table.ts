import { EPYC } from './table/epyc.js';
import { INTEL_CLIENT } from './table/intel-client.js';
import type { CpuRow } from './table/row.js';
import { RYZEN } from './table/ryzen.js';
import { XEON_CLASSIC } from './table/xeon-classic.js';
import { XEON_RECENT } from './table/xeon-recent.js';
import { XEON_SCALABLE } from './table/xeon-scalable.js';

/** Every x86 processor whose power is known by its model name. ARM processors, which have no name, are in arm.ts. */
export const CPU_TABLE: readonly CpuRow[] = [
  ...XEON_RECENT,
  ...XEON_SCALABLE,
  ...XEON_CLASSIC,
  ...EPYC,
  ...INTEL_CLIENT,
  ...RYZEN,
];

/**
 * A model name as the table is looked up by it: "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz" is
 * `xeon platinum 8259cl`, "AMD Ryzen 7 PRO 4750U with Radeon Graphics" is `ryzen 7 pro 4750u`.
 */
export function normaliseModel(model: string): string {
  return model
    .toLowerCase()
    .replace(/\((r|tm)\)|[®™]/g, ' ')
    .replace(/@.*$|\bwith\b.*$|\bw\/.*$|\/.*$/, ' ')
    .replace(/\b(\d+|quad|six|eight|twelve|sixteen)-cores?\b/g, ' ')
    .replace(/\b(intel|amd|genuine|authentic|cpu|processor|\d+(st|nd|rd|th) gen)\b/g, ' ')
    .replace(/\be([357])- (?=\d)/, 'e$1-')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(xeon e[357]-\S+) 0$/, '$1');
}

const BY_NAME: ReadonlyMap<string, CpuRow> = new Map(
  CPU_TABLE.map((row) => [normaliseModel(row.model), row]),
);

/** The row of a model name. An EPYC for one socket (7302P) has the power of the same for two. */
export function rowByName(model: string): CpuRow | undefined {
  const name = normaliseModel(model);
  return BY_NAME.get(name) ?? (/^epyc \w+p$/.test(name) ? BY_NAME.get(name.slice(0, -1)) : undefined);
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/** The median design power of one core over some rows: what is assumed of a processor that none of them is. */
export const medianWattsPerCore = (rows: readonly CpuRow[]): number | undefined =>
  median(rows.map(({ watts, cores }) => watts / cores));
