import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { writeOutput } from '../../base/index.js';
import type { InvocationStatus, Settings } from '../../model/index.js';
import { runDetailJson, runDetailText } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { terminalWidth, toTerminal } from '../to-terminal.js';
import { withKnowledge } from './open-knowledge.js';

const NOT_DONE: readonly InvocationStatus[] = [
  'failed',
  'timed_out',
  'crashed',
  'out_of_memory',
  'cancelled',
];
const FAILURES_IN_TEXT = 20;
const FAILURES_IN_JSON = 1_000;

/** The folder of what its functions printed. */
function logsOf({ data_dir }: Settings, id: string): string | undefined {
  const folder = resolve(data_dir, 'runs', id, 'logs');
  return existsSync(folder) ? folder : undefined;
}

async function show(id: string, options: GlobalOptions): Promise<void> {
  const { settings, json } = createContext(options);
  await withKnowledge(settings, (knowledge) => {
    const run = knowledge.run(id);
    const state = knowledge.stateOf(run);
    const limit = json ? FAILURES_IN_JSON : FAILURES_IN_TEXT;
    const failures = [...knowledge.invocations(run.id, { status: NOT_DONE, limit })];
    const logs = logsOf(settings, run.id);
    if (json) {
      writeOutput(`${JSON.stringify(runDetailJson(run, state, failures, logs), null, 2)}\n`);
      return;
    }
    const failed = knowledge.countInvocations(run.id, { status: NOT_DONE });
    const detail = { run, state, failures, failed, ...(logs !== undefined && { logs }) };
    writeOutput(toTerminal(runDetailText(detail, terminalWidth())));
  });
}

export function showRunCommand(): Command {
  return new Command('show')
    .description('Show a run: its stages, what they took, and what failed in it.')
    .argument('<id>', 'the run, or how its id begins')
    .action(show);
}
