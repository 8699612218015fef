import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { ErrorCode, messageOf, WattloopError, writeError, writeOutput } from '../../base/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { withKnowledge } from './open-knowledge.js';

/** Logs of a run that is no longer known. */
function deleteFiles(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw new WattloopError(
      ErrorCode.writeFailed,
      `the run is deleted, its files are not: ${messageOf(error)}`,
      {
        remedy: `Delete ${folder}`,
        cause: error,
      },
    );
  }
}

async function deleteRuns(given: readonly string[], options: GlobalOptions): Promise<void> {
  const { settings, json } = createContext(options);
  const deleted = await withKnowledge(settings, (knowledge) => {
    // All are looked up first, so that a slip in one deletes none.
    const ids = [...new Set(given.map((id) => knowledge.run(id).id))];
    for (const id of ids) {
      knowledge.deleteRun(id);
      deleteFiles(join(settings.data_dir, 'runs', id));
    }
    return ids;
  });
  if (json) writeOutput(`${JSON.stringify({ deleted }, null, 2)}\n`);
  else if (!options.quiet) writeError(`wattloop: deleted ${deleted.join(', ')}\n`);
}

export function deleteRunsCommand(): Command {
  return new Command('delete')
    .description('Delete runs that have ended: what is known of them, their invocations and their logs.')
    .argument('<ids...>', 'the runs, or how their ids begin')
    .action(deleteRuns);
}
