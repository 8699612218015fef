import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of a benchmark: what was measured, and its figures by column. */
export type Row = Readonly<Record<string, string | number | undefined>>;

const FOLDER = join(import.meta.dirname, '..', '..', '.bench', 'results');

/** Prints the table and keeps it as `.bench/results/NAME.json`. */
export function publish(name: string, what: string, rows: readonly Row[]): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const text = (value: Row[string]): string =>
    value === undefined ? '-' : typeof value === 'number' ? figure(value) : value;
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => text(row[column]).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  process.stdout.write(
    `${what}\n\n${line(columns)}\n${rows.map((row) => line(columns.map((column) => text(row[column])))).join('\n')}\n`,
  );
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    join(FOLDER, `${name}.json`),
    `${JSON.stringify({ name, what, time: new Date().toISOString(), node: process.version, rows }, null, 2)}\n`,
  );
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
