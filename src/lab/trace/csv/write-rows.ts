import { ErrorCode, WattloopError } from '../../../base/index.js';

const ROWS_PER_PIECE = 8192;

/** A table as text, some thousands of rows a piece. */
export function* tableText(
  columns: readonly string[],
  rows: number,
  rowText: (row: number) => string,
): Generator<string> {
  let piece = `${columns.join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    piece += `${rowText(row)}\n`;
    if (row % ROWS_PER_PIECE !== ROWS_PER_PIECE - 1) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** A figure; blank where there is none. The shortest text that reads back as the same number. */
export function figureText(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : String(value);
}

/** A figure that a reader insists on. */
export function requiredText(value: number | undefined, what: string): string {
  if (value !== undefined && Number.isFinite(value)) return String(value);
  throw new WattloopError(ErrorCode.badInput, `${what} is ${value}`, {
    remedy: 'A trace that is written needs a number there',
  });
}

/** A name as a cell, quoted where it must be. */
export function nameText(name: string, what: string): string {
  if (name === '' || /\p{Cc}/u.test(name)) {
    throw new WattloopError(ErrorCode.badInput, `${what} is called ${JSON.stringify(name)}`, {
      remedy: 'Give it a name of printable characters',
    });
  }
  return /[",]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
