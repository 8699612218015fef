import { type BilledUsage, billedUsage, type Invoked } from './billed.js';
import type { PriceTable } from './price-table.js';
import { tieredCost } from './tiers.js';

/** In the table's currency. */
export interface Cost {
  readonly memory: number;
  readonly cpu: number;
  readonly storage: number;
  readonly requests: number;
  readonly total: number;
}

const sum = (parts: Omit<Cost, 'total'>): Cost => ({
  ...parts,
  total: parts.memory + parts.cpu + parts.storage + parts.requests,
});

/** What usage costs from the first unit on: first tier upwards, nothing free. */
function charged(table: PriceTable, usage: BilledUsage): Cost {
  return sum({
    memory: tieredCost(usage.gbSeconds, table.gbSecond),
    cpu: usage.cpuSeconds * (table.cpu?.perUnitSecond ?? 0),
    storage: usage.storageGbSeconds * (table.storage?.perGbSecond ?? 0),
    requests: usage.requests * table.perRequest,
  });
}

/** What one invocation costs at the first tier's prices, with nothing free: the figure to compare functions with. */
export const invocationCost = (table: PriceTable, invoked: Invoked): Cost =>
  charged(table, billedUsage(table, invoked));

/**
 * What a month's usage costs. Tiers count the usage of all functions of an account together, so give their sum. What is
 * free is taken off first, and the tiers count what is left.
 */
export function monthlyCost(table: PriceTable, usage: BilledUsage, options: { free?: boolean } = {}): Cost {
  if (options.free !== true) return charged(table, usage);
  const { requests, gbSeconds, cpuSeconds = 0 } = table.free;
  return charged(table, {
    requests: Math.max(0, usage.requests - requests),
    gbSeconds: Math.max(0, usage.gbSeconds - gbSeconds),
    cpuSeconds: Math.max(0, usage.cpuSeconds - cpuSeconds),
    storageGbSeconds: usage.storageGbSeconds,
  });
}

/** Money per joule: what a provider's price comes to for the energy; undefined where no energy is known. */
export const costPerJoule = (cost: number, joules: number): number | undefined =>
  joules > 0 ? cost / joules : undefined;
