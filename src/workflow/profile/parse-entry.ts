import type { WattloopError } from '../../errors/index.js';
import { type Configuration, PROVENANCES, type Provenance } from '../../model/index.js';
import { COLD_START_FIELDS, type FieldKind, fieldKind, fieldUnit, PHASE_FIELDS } from './fields.js';
import type { ProfileColumn, ProfileEntry, ProfileValue } from './profile.js';

type Tree = Readonly<Record<string, unknown>>;
/** Makes the error that says which field is wrong, and why. */
export type Refuse = (field: string, why: string) => WattloopError;

/** Descriptions of the fields, which stand among them. */
const DESCRIPTIONS = ['units', 'provenance'];
/** Clocks of client and worker may differ, so that a worker seems to start before it was asked to. */
const MAY_BE_NEGATIVE: readonly string[] = COLD_START_FIELDS;

const isScalar = (value: unknown): value is ProfileValue =>
  value === null || ['number', 'string', 'boolean'].includes(typeof value);

const isColumn = (value: unknown): value is ProfileColumn =>
  Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every(isScalar));

function wrongValue(name: string, kind: FieldKind, value: ProfileValue): string | undefined {
  if (value === null) return undefined;
  if (kind === 'text') return typeof value === 'string' ? undefined : 'is no text';
  if (kind === 'flag') return typeof value === 'boolean' ? undefined : 'is neither true nor false';
  if (typeof value !== 'number') return `is no number of ${fieldUnit(name) ?? 'anything'}`;
  return value < 0 && !MAY_BE_NEGATIVE.includes(name) ? 'is below 0' : undefined;
}

function checkValues(name: string, column: ProfileColumn, refuse: Refuse): void {
  const kind = fieldKind(name);
  if (kind === undefined) return;
  for (const [repetition, row] of column.entries())
    for (const [worker, value] of row.entries()) {
      const why = wrongValue(name, kind, value);
      if (why !== undefined)
        throw refuse(
          name,
          `repetition ${repetition + 1}, worker ${worker + 1}: ${JSON.stringify(value)} ${why}`,
        );
    }
}

function columnOf(name: string, value: unknown, refuse: Refuse): ProfileColumn | undefined {
  if (isColumn(value)) {
    checkValues(name, value, refuse);
    return value;
  }
  // What nothing is known of may be anything.
  if (fieldKind(name) === undefined) return undefined;
  if (!Array.isArray(value)) throw refuse(name, 'is not a list of repetitions');
  const row = value.findIndex((each) => !Array.isArray(each));
  if (row >= 0) throw refuse(name, `repetition ${row + 1} is not a list by worker`);
  throw refuse(name, 'holds lists or objects where figures belong');
}

function sameShape(name: string, column: ProfileColumn, compute: ProfileColumn, refuse: Refuse): void {
  if (column.length !== compute.length)
    throw refuse(name, `has ${column.length} repetitions where compute has ${compute.length}`);
  for (const [repetition, row] of column.entries()) {
    const workers = compute[repetition]?.length ?? 0;
    if (row.length === workers) continue;
    throw refuse(name, `repetition ${repetition + 1} has ${row.length} workers where compute has ${workers}`);
  }
}

/** Phases are known of all or there is no telling what anything took. */
function checkPhases(fields: Readonly<Record<string, ProfileColumn>>, refuse: Refuse): void {
  const coldStart = COLD_START_FIELDS.find((name) => fields[name] !== undefined);
  if (coldStart === undefined) throw refuse(COLD_START_FIELDS[0], 'is missing');
  const compute = fields.compute;
  for (const name of [...PHASE_FIELDS, coldStart]) {
    const column = fields[name];
    if (column === undefined || compute === undefined) throw refuse(name, 'is missing');
    sameShape(name, column, compute, refuse);
    for (const [repetition, row] of column.entries()) {
      const worker = row.indexOf(null);
      if (worker >= 0)
        throw refuse(name, `repetition ${repetition + 1}, worker ${worker + 1}: there is no figure`);
    }
  }
}

/** Other figures may be in other units than their names say, if the file says so: it is not guessed what they are. */
function checkUnits(units: unknown, refuse: Refuse): void {
  if (typeof units !== 'object' || units === null || Array.isArray(units)) return;
  for (const [name, unit] of Object.entries(units)) {
    const expected = fieldUnit(name);
    if (expected !== undefined && unit !== expected)
      throw refuse(name, `is in ${JSON.stringify(unit)}, and only ${expected} is understood`);
  }
}

function provenances(value: unknown): Record<string, Provenance> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, said]) => {
      const provenance = PROVENANCES.find((each) => each === said);
      return provenance === undefined ? [] : [[name, provenance]];
    }),
  );
}

/** What stands under one configuration, checked. */
export function parseEntry(configuration: Configuration, tree: Tree, refuse: Refuse): ProfileEntry {
  checkUnits(tree.units, refuse);
  const fields: Record<string, ProfileColumn> = Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]) => {
      if (DESCRIPTIONS.includes(name)) return [];
      const column = columnOf(name, value, refuse);
      return column === undefined ? [] : [[name, column]];
    }),
  );
  checkPhases(fields, refuse);
  return { configuration, fields, provenance: provenances(tree.provenance) };
}
