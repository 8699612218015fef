import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ErrorCode, makeFolders, messageOf, WattloopError } from '../../base/index.js';
import { migrate, versionOf } from '../schema/migrate.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { sqliteCode } from './database-error.js';

function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (error) {
    throw new WattloopError(
      ErrorCode.permissionDenied,
      `could not make the folder ${folder}: ${messageOf(error)}`,
      { remedy: 'Name another folder with data_dir, or get the right to write there', cause: error },
    );
  }
}

const RETRY_MILLISECONDS = 10;
const waiting = new Int32Array(new SharedArrayBuffer(4));

/**
 * Readers and a writer side by side. What was committed outlives the process however it ends; a machine that loses power
 * may lose the last moments, never the file. The change needs the file alone, and SQLite does not wait for that itself.
 */
function useWriteAheadLog(connection: Connection, busyTimeoutSeconds: number): void {
  const patience = Math.ceil((busyTimeoutSeconds * 1_000) / RETRY_MILLISECONDS);
  for (let attempt = 0; ; attempt++) {
    try {
      connection.rows('PRAGMA journal_mode = WAL');
      break;
    } catch (error) {
      const isBusy = error instanceof WattloopError && sqliteCode(error.cause)?.startsWith('SQLITE_BUSY');
      if (!isBusy || attempt >= patience) throw error;
      Atomics.wait(waiting, 0, 0, RETRY_MILLISECONDS);
    }
  }
  connection.execute('PRAGMA synchronous = NORMAL');
}

/** How large the journal stays after a time in which much was written. */
const JOURNAL_BYTES = 64 * 2 ** 20;

/** Lets a file that is made now give back pages that it no longer needs: later it can't be told any more. */
function allowShrinking(connection: Connection): void {
  if (connection.integer('PRAGMA page_count') === 0) connection.execute('PRAGMA auto_vacuum = INCREMENTAL');
}

/** A connection to a knowledge base of the current version; the file and its folder are made where they are missing. */
export async function openFile(file: string, options: ConnectionOptions): Promise<Connection> {
  const path = resolve(file);
  if (!options.readOnly) makeFolder(dirname(path));
  else if (statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new WattloopError(ErrorCode.notFound, `there is no knowledge base ${path}`, {
      remedy: 'The first "wattloop run" makes it; data_dir says where',
    });
  const connection = await Connection.open(path, options);
  try {
    // Asked first, so that nothing is changed in what is not ours.
    versionOf(connection);
    if (!options.readOnly) {
      allowShrinking(connection);
      useWriteAheadLog(connection, options.busyTimeoutSeconds);
      connection.rows(`PRAGMA journal_size_limit = ${JOURNAL_BYTES}`);
    }
    migrate(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
