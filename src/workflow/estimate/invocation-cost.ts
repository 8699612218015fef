import { invocationCost, type PriceTable, priceTable } from '../../footprint/index.js';
import type { Resources } from '../../model/index.js';
import { MIB_PER_VCPU } from './lambda-platform.js';

/** What an invocation was given, and for how long. */
export interface Priced extends Resources {
  readonly wallSeconds: number;
}

/** The setting that leaves money out. */
const NO_PRICES = 'none';

const chosen = (id: string): PriceTable | undefined => (id === NO_PRICES ? undefined : priceTable(id));

/** Where processors come with memory, the memory that it takes to have both. */
function memoryFor(table: PriceTable, { cpu, memoryMib }: Resources): number {
  return table.provider === 'aws' ? Math.max(memoryMib, Math.ceil(cpu * MIB_PER_VCPU)) : memoryMib;
}

/**
 * What an invocation would have been charged by the prices in force (`workflow.price_table`), at the first tier and with
 * nothing free: for as long as it took, a cold start included, as AWS charges it. Undefined where no prices are wanted, or
 * the provider has nothing so large.
 */
export function invocationCostUsd(
  invocation: Priced,
  settings: { readonly price_table: string },
): number | undefined {
  const table = chosen(settings.price_table);
  if (table === undefined) return undefined;
  const memoryMib = memoryFor(table, invocation);
  if (memoryMib > table.memory.maximumMib) return undefined;
  const cpus = table.cpu === undefined ? {} : { cpus: invocation.cpu };
  return invocationCost(table, { seconds: invocation.wallSeconds, memoryMib, ...cpus }).total;
}
