/** Rows as a CSV: with a header, CRLF nowhere, and quotes where they are needed. */
export function csvText(rows: readonly unknown[], header?: readonly string[]): string {
  const columns = header ?? Object.keys((rows[0] as object | undefined) ?? {});
  if (columns.length === 0) return '';
  const records = rows.map((row) => columns.map((column) => cell((row as Record<string, unknown>)[column])));
  return [columns.map(cell), ...records].map((fields) => `${fields.join(',')}\n`).join('');
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
