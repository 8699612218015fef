export type Cell = string | number | undefined;

/** Columns padded to their widest cell; numbers stand right, text left. Two spaces between columns. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = (cell: Cell): string => (cell === undefined ? '-' : String(cell));
  const right = header.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => text(row[column]).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map((row) => line(header.map((_, column) => text(row[column]))))].join('\n');
}
