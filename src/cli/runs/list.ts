import { Command, Option } from 'commander';
import { writeError, writeOutput } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import { type ListedRun, runListJson, runListText } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { count } from '../numbers.js';
import { knowledgePath, openKnowledgeIfAny } from './open-knowledge.js';

interface ListOptions extends GlobalOptions {
  readonly limit: number;
  readonly workflow?: string;
}

const DEFAULT_LIMIT = 20;

function listed(knowledge: Knowledge, { workflow, limit }: ListOptions): ListedRun[] {
  return knowledge.runs({ workflow, limit }).map((run) => ({
    run,
    state: knowledge.stateOf(run),
    invocations: run.totals?.invocations ?? knowledge.countInvocations(run.id),
  }));
}

async function list(options: ListOptions): Promise<void> {
  const { settings, json } = createContext(options);
  const knowledge = await openKnowledgeIfAny(settings);
  try {
    const runs = knowledge === undefined ? [] : listed(knowledge, options);
    if (json) writeOutput(`${JSON.stringify(runListJson(runs), null, 2)}\n`);
    else if (runs.length > 0) writeOutput(runListText(runs));
    else if (!options.quiet) {
      const which = options.workflow === undefined ? '' : ` of the workflow "${options.workflow}"`;
      writeError(`wattloop: no runs${which} in ${knowledgePath(settings)} yet\n`);
    }
  } finally {
    knowledge?.close();
  }
}

export function listRunsCommand(): Command {
  return new Command('list')
    .description('List runs, the newest first (also without "list").')
    .addOption(
      new Option('--limit <n>', 'runs that are listed at most').argParser(count).default(DEFAULT_LIMIT),
    )
    .option('--workflow <name>', 'only runs of this workflow')
    .action(list);
}
