import type { Column, FlatRow } from './flat-row.js';
import type { Rows, Write } from './writer.js';

/** An object with every column; what is not known is null. */
function object(columns: readonly Column[], row: FlatRow): string {
  return JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, row.get(name) ?? null])));
}

/** One JSON document, a list with a line for each row, so that tools that read lines can be used on it too. */
export async function writeJson(columns: readonly Column[], rows: Rows, write: Write): Promise<void> {
  let before = '[\n';
  for await (const row of rows) {
    write(before + object(columns, row));
    before = ',\n';
  }
  write(before === '[\n' ? '[]\n' : '\n]\n');
}
