import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Connection } from '../sqlite/connection.js';
import { VERSION_1 } from './version-1.js';
import { VERSION_2 } from './version-2.js';
import { VERSION_3 } from './version-3.js';

/** What makes each version out of the one before. Those that were released are never changed: add another. */
const VERSIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3];

const CURRENT_VERSION = VERSIONS.length;

/** "WATT": in the header of the file, so that no other program's database is taken for ours. */
const APPLICATION_ID = 0x57_41_54_54;

/** The version of the database; refuses what is not ours, or of a later Wattloop. It changes nothing. */
export function versionOf(connection: Connection): number {
  const version = connection.integer('PRAGMA user_version') ?? 0;
  const application = connection.integer('PRAGMA application_id') ?? 0;
  const isEmpty = connection.integer('SELECT count(*) FROM sqlite_schema') === 0;
  if (application !== APPLICATION_ID && !(isEmpty && application === 0 && version === 0))
    throw new WattloopError(ErrorCode.knowledgeFailed, `${connection.path} is another program's database`, {
      remedy: 'Nothing was changed. Name another folder with data_dir',
    });
  if (version > CURRENT_VERSION)
    throw new WattloopError(
      ErrorCode.knowledgeFailed,
      `the knowledge base ${connection.path} is of version ${version}, and this Wattloop knows versions up to ${CURRENT_VERSION}`,
      { remedy: 'Nothing was changed. Use the newer Wattloop that wrote it, or another data_dir' },
    );
  return version;
}

/** Brings the database to the current version, in one step that happens whole or not at all. */
export function migrate(connection: Connection): void {
  if (connection.readOnly && versionOf(connection) < CURRENT_VERSION)
    throw new WattloopError(
      ErrorCode.knowledgeFailed,
      `the knowledge base ${connection.path} was written by an older Wattloop and can only be read here`,
      { remedy: 'Open it once where it may be written: that brings it up to date' },
    );
  if (versionOf(connection) === CURRENT_VERSION) return;
  connection.transaction(() => {
    // Another process may have been quicker.
    const version = versionOf(connection);
    for (const sql of VERSIONS.slice(version)) connection.execute(sql);
    connection.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${CURRENT_VERSION}`);
  });
}
