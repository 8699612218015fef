import { cellWidth } from './printable.js';

export type Cell = string | number | undefined;

/** Columns padded to their widest cell; numbers stand right, text left. Two spaces between columns. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = (cell: Cell): string => (cell === undefined ? '-' : String(cell));
  const right = header.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const widths = header.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, cellWidth(text(row[column]))), cellWidth(title)),
  );
  const spaces = (cell: string, column: number): string =>
    ' '.repeat(Math.max(0, (widths[column] ?? 0) - cellWidth(cell)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (right[column] ? spaces(cell, column) + cell : cell + spaces(cell, column)))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map((row) => line(header.map((_, column) => text(row[column]))))].join('\n');
}
