import type { Cell, Column, FlatRow } from './flat-row.js';
import type { Rows, Write } from './writer.js';

// RFC 4180: lines end in CR LF, a field with a comma, a quote or a line's end stands in quotes, quotes in it twice.
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
const LINE_END = '\r\n';

function field(cell: Cell): string {
  if (cell === undefined) return '';
  const text = String(cell);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (columns: readonly Column[], row: FlatRow): string =>
  columns.map(({ name }) => field(row.get(name))).join(',') + LINE_END;

export async function writeCsv(columns: readonly Column[], rows: Rows, write: Write): Promise<void> {
  write(columns.map(({ name }) => field(name)).join(',') + LINE_END);
  for await (const row of rows) write(line(columns, row));
}
