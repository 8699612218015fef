import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { ErrorCode, messageOf, WattloopError, writeError, writeOutput } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import type { Settings } from '../../model/index.js';
import { type ObjectStore, openStorage } from '../../storage/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { withKnowledge } from './open-knowledge.js';

interface DeleteOptions extends GlobalOptions {
  readonly keepData?: boolean;
}

function refuseRunning(knowledge: Knowledge, id: string): void {
  if (knowledge.stateOf(knowledge.run(id)) !== 'running') return;
  // It says which process is at it.
  knowledge.deleteRun(id);
}

/** Logs of a run that is no longer known. */
function deleteLogs({ data_dir }: Settings, id: string): void {
  const folder = join(data_dir, 'runs', id);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw new WattloopError(
      ErrorCode.writeFailed,
      `run ${id} is deleted, its logs are not: ${messageOf(error)}`,
      {
        remedy: `Delete ${folder}`,
        cause: error,
      },
    );
  }
}

/** Objects of the runs, while they are still known: when the store fails, it can be tried again. */
async function deleteObjects(settings: Settings, ids: readonly string[]): Promise<number> {
  let store: ObjectStore | undefined;
  try {
    store = await openStorage(settings.storage, { dataDir: settings.data_dir });
    let count = 0;
    for (const id of ids) count += await store.deleteAll(`runs/${id}/`);
    return count;
  } catch (error) {
    throw new WattloopError(
      ErrorCode.storageFailed,
      `the data of the runs could not be deleted: ${messageOf(error)}`,
      {
        remedy: 'Nothing else was deleted. Try again, or leave the data where it is with --keep-data',
        cause: error,
      },
    );
  } finally {
    await store?.close();
  }
}

async function deleteRuns(given: readonly string[], options: DeleteOptions): Promise<void> {
  const { settings, json } = createContext(options);
  await withKnowledge(settings, async (knowledge) => {
    // All are looked up first, so that a slip in one deletes none.
    const ids = [...new Set(given.map((id) => knowledge.run(id).id))];
    for (const id of ids) refuseRunning(knowledge, id);
    const objects = options.keepData ? 0 : await deleteObjects(settings, ids);
    for (const id of ids) {
      knowledge.deleteRun(id);
      deleteLogs(settings, id);
    }
    if (json) writeOutput(`${JSON.stringify({ deleted: ids, objects }, null, 2)}\n`);
    else if (!options.quiet) writeError(`wattloop: deleted ${ids.join(', ')}, and ${objects} objects\n`);
  });
}

export function deleteRunsCommand(): Command {
  return new Command('delete')
    .description('Delete runs that have ended: what is known of them, their invocations, logs and data.')
    .argument('<ids...>', 'the runs, or how their ids begin')
    .option('--keep-data', 'leave the partitions of their stages in storage')
    .action(deleteRuns);
}
