/** Rows as a CSV: with a header, a line feed after each, and quotes where they are needed. */
export function csvText(rows: readonly unknown[], header: readonly string[]): string {
  const records = rows.map((row) => header.map((column) => cell((row as Record<string, unknown>)[column])));
  return [header.map(cell), ...records].map((fields) => `${fields.join(',') || '""'}\n`).join('');
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
