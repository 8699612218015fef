import { closest } from '../../../base/index.js';
import { Problem, quoted } from './problem.js';
import type { Row } from './row.js';

/** The columns of a table that is read, by name. */
export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** What a header said beside the columns that were asked for. */
export interface Header {
  readonly cells: number;
  /** Columns that nothing is made of. */
  readonly ignored: readonly string[];
  /** Optional columns that aren't there. */
  readonly missing: readonly string[];
}

/** Tells the row where its columns are. Names are compared without regard to case. */
export function readHeader(row: Row, columns: Columns): Header {
  const wanted = [...columns.required, ...columns.optional];
  const names = Array.from({ length: row.cells.count }, (_, at) => row.cellText(at).toLowerCase());
  const ignored: string[] = [];
  for (const [at, name] of names.entries()) {
    const column = wanted.indexOf(name);
    if (column < 0) {
      if (name !== '') ignored.push(name);
    } else if (row.has(column)) {
      throw new Problem(`two columns are called ${quoted(name)}`, 'Keep one of them');
    } else {
      row.place(column, at);
    }
  }
  const absent = wanted.filter((_, column) => !row.has(column));
  const [first] = absent.filter((name) => columns.required.includes(name));
  if (first !== undefined) throw missing(first, names, ignored, wanted);
  return { cells: names.length, ignored, missing: absent };
}

function missing(
  name: string,
  names: readonly string[],
  ignored: readonly string[],
  wanted: readonly string[],
): Problem {
  const header = `The header must name the columns ${wanted.join(',')}`;
  if (names.every((cell) => /^[-+.\d]*$/.test(cell))) {
    return new Problem(`there is no header, so no column ${quoted(name)}`, header);
  }
  const separator = names.length === 1 ? /[;\t|]/.exec(names[0] ?? '')?.[0] : undefined;
  if (separator !== undefined) {
    return new Problem(
      `no column ${quoted(name)}: the cells are separated by ${quoted(separator)}`,
      'Separate them by commas, and write decimals with a point',
    );
  }
  const near = closest(name, ignored);
  const hint = near === undefined ? header : `${header}; is it the one called ${quoted(near)}?`;
  return new Problem(`no column ${quoted(name)} among ${quoted(names.join(','))}`, hint);
}
