import { closest, ErrorCode, WattloopError } from '../../base/index.js';
import type { Connection } from '../sqlite/connection.js';
import { type Row, text } from '../sqlite/row.js';

const NAMED_AT_MOST = 5;
/** Among how many of the latest runs one is looked for that a mistyped name was meant for. */
const SUGGESTED_AMONG = 1_000;

function unknown(connection: Connection, id: string): WattloopError {
  const known = connection.rows('SELECT id FROM runs ORDER BY started_at DESC LIMIT ?', SUGGESTED_AMONG);
  const near = closest(
    id,
    known.map((row) => text(row, 'id')),
  );
  const remedy =
    near === undefined
      ? 'There are no runs yet: "wattloop run" makes one'
      : `Did you mean ${near}? "wattloop runs" lists them`;
  return new WattloopError(ErrorCode.notFound, `there is no run "${id}" in ${connection.path}`, { remedy });
}

/** The row of the run with that id, or of the only one whose id begins so. */
export function findRun(connection: Connection, id: string): Row {
  const exact = connection.rows('SELECT * FROM runs WHERE id = ?', id)[0];
  if (exact !== undefined) return exact;
  const begun =
    id === ''
      ? []
      : connection.rows(
          'SELECT * FROM runs WHERE substr(id, 1, ?) = ? ORDER BY started_at DESC LIMIT ?',
          [...id].length,
          id,
          NAMED_AT_MOST + 1,
        );
  const [only] = begun;
  if (only === undefined) throw unknown(connection, id);
  if (begun.length === 1) return only;
  const names = begun.slice(0, NAMED_AT_MOST).map((row) => text(row, 'id'));
  const others = begun.length > NAMED_AT_MOST ? ' and others' : '';
  throw new WattloopError(ErrorCode.badInput, `"${id}" begins several runs: ${names.join(', ')}${others}`, {
    remedy: 'Write more of the id',
  });
}
