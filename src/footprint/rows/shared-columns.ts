import type { UsageTable } from '../../model/index.js';
import type { Finding } from '../account.js';
import type { Ticks } from './ticks.js';
import { usageByTick } from './usage-by-tick.js';

/** What works for everybody, as columns beside the functions. */
export interface SharedColumns {
  readonly names: readonly string[];
  /** By name: the part of the machine's CPU time in each tick that was its own, 0 to 1; NaN where that is not known. */
  readonly shares: readonly Float64Array[];
}

export interface SharedUsage extends SharedColumns {
  readonly findings: readonly Finding[];
}

const SYSTEM = 'system';
/** Who works for everybody, by the names that traces give them. */
export const SHARED_PRINCIPALS: readonly string[] = ['control-plane', 'os', 'wattloop'];

/** Columns of the shared principals that the usage knows, in a fixed order. None where the machine's own CPU time is not known. */
export function sharedColumns(usage: UsageTable, ticks: Ticks): SharedUsage {
  const names = SHARED_PRINCIPALS.filter((name) => usage.principals.includes(name));
  if (names.length === 0) return { names, shares: [], findings: [] };
  // Functions are not asked for: thousands of them would only be in the way.
  const { others } = usageByTick(only(usage, [...names, SYSTEM]), ticks);
  const system = others.get(SYSTEM)?.cpuSeconds;
  if (system === undefined) {
    const message = `the usage of ${names.join(', ')} can't be told as a part of the machine's, as there is none of "${SYSTEM}"`;
    return { names: [], shares: [], findings: [{ code: 'no-system-usage', message }] };
  }
  const shares = names.map((name) => shareOf(others.get(name)?.cpuSeconds ?? new Float64Array(), system));
  return { names, shares, findings: findingsOf(names, shares) };
}

/** CPU seconds of some shared principals, tick by tick; NaN where not known. */
export function sharedUsage(usage: UsageTable, names: readonly string[], ticks: Ticks): Float64Array[] {
  if (names.length === 0) return [];
  const { others } = usageByTick(only(usage, names), ticks);
  return names.map((name) => others.get(name)?.cpuSeconds ?? new Float64Array(ticks.count).fill(Number.NaN));
}

/** The rows of some principals. */
function only(usage: UsageTable, names: readonly string[]): UsageTable {
  const isWanted = usage.principals.map((name) => names.includes(name));
  const rows: number[] = [];
  usage.principalIndex.forEach((principal, row) => {
    if (isWanted[principal]) rows.push(row);
  });
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row] ?? Number.NaN);
  return {
    principals: usage.principals,
    principalIndex: Uint32Array.from(rows, (row) => usage.principalIndex[row] ?? 0),
    t: pick(usage.t),
    cpuSeconds: pick(usage.cpuSeconds),
    cycles: pick(usage.cycles),
    ...(usage.referenceCycles && { referenceCycles: pick(usage.referenceCycles) }),
    instructions: pick(usage.instructions),
    llcMisses: pick(usage.llcMisses),
  };
}

function shareOf(own: Float64Array, system: Float64Array): Float64Array {
  return system.map((whole, tick) => {
    const part = own[tick] ?? Number.NaN;
    if (whole > 0) return part / whole;
    // Of nothing, nothing is its own; but it can't have used what the machine didn't.
    return whole === 0 && part === 0 ? 0 : Number.NaN;
  });
}

/** Clocks of principals differ a little: a part above the whole is the whole. It is told, as are ticks without a figure. */
function findingsOf(names: readonly string[], shares: readonly Float64Array[]): Finding[] {
  const findings: Finding[] = [];
  for (const [place, share] of shares.entries()) {
    let [above, unknown] = [0, 0];
    for (const [tick, part] of share.entries()) {
      if (Number.isNaN(part)) unknown++;
      if (part > 1) {
        above++;
        share[tick] = 1;
      }
    }
    const name = names[place] ?? '';
    if (above > 0) {
      const message = `${name} used more CPU time than the machine in some ticks: it counts as all of it there`;
      findings.push({ code: 'usage-above-system', message, count: above });
    }
    if (unknown > 0) {
      const message = `the usage of ${name} is not known in some ticks: it counts as none there`;
      findings.push({ code: 'unknown-usage', message, count: unknown });
    }
  }
  return findings;
}
