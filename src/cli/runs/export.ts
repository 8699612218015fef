import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { ErrorCode, WattloopError, writeError, writeOutput } from '../../base/index.js';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportInvocations,
  type Knowledge,
} from '../../knowledge/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { interruptible } from '../interrupt.js';
import { ResultFile } from '../result-file.js';
import { withKnowledge } from './open-knowledge.js';

interface ExportOptions extends GlobalOptions {
  readonly format?: ExportFormat;
  readonly output?: string;
}

const REMEDY = 'Make room, or name another file with --output';

function formatOf({ format, output }: ExportOptions): ExportFormat {
  const ending = extname(output ?? '').slice(1);
  return format ?? EXPORT_FORMATS.find((each) => each === ending) ?? 'json';
}

function checkUsage({ output, json }: ExportOptions, format: ExportFormat): void {
  if (output !== undefined) return;
  const why = json
    ? '--json tells what was exported, and the rows need another place'
    : 'Parquet is no text for a terminal';
  if (!json && format !== 'parquet') return;
  throw new WattloopError(ErrorCode.badUsage, why, { remedy: 'Name a file with --output' });
}

async function toFile(
  knowledge: Knowledge,
  ids: readonly string[],
  format: ExportFormat,
  path: string,
): Promise<number> {
  const file = new ResultFile(path);
  try {
    let rows = 0;
    await interruptible(async (signal) => {
      const write = (piece: string | Uint8Array): void => file.append(piece, REMEDY);
      rows = await exportInvocations(knowledge, { runs: ids, format, write, signal });
      file.commit(REMEDY);
    });
    return rows;
  } finally {
    file.close();
  }
}

/** A reader that has enough ("| head") ends the export. */
class NobodyReads extends Error {}

async function toStdout(knowledge: Knowledge, ids: readonly string[], format: ExportFormat): Promise<void> {
  try {
    const write = (piece: string | Uint8Array): void => {
      if (!writeOutput(String(piece))) throw new NobodyReads();
    };
    await exportInvocations(knowledge, { runs: ids, format, write });
  } catch (error) {
    if (!(error instanceof NobodyReads)) throw error;
  }
}

async function exportRuns(given: readonly string[], options: ExportOptions): Promise<void> {
  const { settings, json } = createContext(options);
  const format = formatOf(options);
  checkUsage(options, format);
  const { output } = options;
  await withKnowledge(settings, async (knowledge) => {
    // A run that was named twice, or by two beginnings of its id, is exported once.
    const ids = [...new Set(given.map((id) => knowledge.run(id).id))];
    if (output === undefined) return toStdout(knowledge, ids, format);
    const rows = await toFile(knowledge, ids, format, output);
    if (json) writeOutput(`${JSON.stringify({ output, format, runs: ids, rows }, null, 2)}\n`);
    else if (!options.quiet) writeError(`wattloop: ${rows} invocations are in ${output}\n`);
  });
}

export function exportRunsCommand(): Command {
  return new Command('export')
    .description('Write the invocations of runs to a file, one row each.')
    .argument('<ids...>', 'the runs, or how their ids begin')
    .addOption(
      new Option('--format <name>', 'what to write (default: by the ending of the file, else json)').choices(
        EXPORT_FORMATS,
      ),
    )
    .option('--output <file>', 'where to write it; stdout when not given (JSON and CSV)')
    .action(exportRuns);
}
