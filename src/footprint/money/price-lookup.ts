import { closest, ErrorCode, WattloopError } from '../../errors/index.js';
import type { PriceTable } from './price-table.js';
import { PRICE_TABLES } from './price-tables.js';

const BY_ID: ReadonlyMap<string, PriceTable> = new Map(PRICE_TABLES.map((table) => [table.id, table]));

/** A table by its id, as `aws-lambda-arm`. */
export function priceTable(id: string): PriceTable {
  const table = BY_ID.get(id.trim().toLowerCase());
  if (table) return table;
  throw new WattloopError(ErrorCode.notFound, `no prices are known for "${id}"`, {
    remedy: `Did you mean ${closest(id, BY_ID.keys())}? There are ${[...BY_ID.keys()].join(', ')}`,
  });
}
