import { setImmediate } from 'node:timers/promises';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Invocation, RunRecord } from '../../model/index.js';
import type { Knowledge } from '../knowledge.js';
import { writeCsv } from './csv.js';
import { ColumnFinder, type FlatRow, flatRow } from './flat-row.js';
import { writeJson } from './json.js';
import { writeParquet } from './parquet.js';
import type { Write } from './writer.js';

export const EXPORT_FORMATS = ['json', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  readonly runs: readonly string[];
  readonly format: ExportFormat;
  readonly write: Write;
  /** Ends the export before its time, with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

const WRITERS = { json: writeJson, csv: writeCsv, parquet: writeParquet } as const;
/** Rows between two moments in which the process may do something else, such as hear that it is to end. */
const AT_ONCE = 500;

async function* each(
  knowledge: Knowledge,
  runs: readonly RunRecord[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly [Invocation, RunRecord]> {
  let count = 0;
  for (const run of runs)
    for (const invocation of knowledge.invocations(run.id)) {
      yield [invocation, run];
      if (++count % AT_ONCE !== 0) continue;
      await setImmediate();
      if (signal?.aborted) throw new WattloopError(ErrorCode.cancelled, 'the export was cancelled');
    }
}

/**
 * Writes the invocations of runs, one row each, in the order in which they were recorded, a few at a time: they are read
 * twice, first for the columns that their methods make. Says how many there were.
 */
export async function exportInvocations(knowledge: Knowledge, options: ExportOptions): Promise<number> {
  const { format, write, signal } = options;
  const runs = options.runs.map((id) => knowledge.run(id));
  const finder = new ColumnFinder();
  for await (const [invocation] of each(knowledge, runs, signal)) finder.add(invocation);
  let count = 0;
  async function* rows(): AsyncGenerator<FlatRow> {
    for await (const [invocation, run] of each(knowledge, runs, signal)) {
      count++;
      yield flatRow(invocation, run);
    }
  }
  await WRITERS[format](finder.columns, rows(), write);
  return count;
}
