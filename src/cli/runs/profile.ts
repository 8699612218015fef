import { Command } from 'commander';
import { writeError, writeOutput } from '../../base/index.js';
import type { Invocation } from '../../model/index.js';
import {
  type Profile,
  profileOfInvocations,
  writeProfileFile,
  writeProfileFolder,
} from '../../workflow/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { withKnowledge } from './open-knowledge.js';

interface ProfileOptions extends GlobalOptions {
  readonly output: string;
}

const profileJson = (output: string, runs: readonly string[], { stages }: Profile): object => ({
  output,
  runs,
  stages: stages.map(({ name, entries }) => ({
    name,
    configurations: entries.map(({ configuration, fields }) => ({
      cpu: configuration.cpu,
      memory_mib: configuration.memoryMib,
      workers: configuration.workers,
      repetitions: fields.compute?.length ?? 0,
    })),
  })),
});

async function writeProfile(given: readonly string[], options: ProfileOptions): Promise<void> {
  const { host, settings, json } = createContext(options);
  const { output, quiet } = options;
  await withKnowledge(settings, async (knowledge) => {
    const ids = [...new Set(given.map((id) => knowledge.run(id).id))];
    function* invocations(): Generator<Invocation> {
      for (const id of ids) yield* knowledge.invocations(id);
    }
    const { profile, warnings } = profileOfInvocations(invocations());
    for (const warning of warnings) host.log.warn(warning);
    if (output.endsWith('/')) await writeProfileFolder(output, profile);
    else await writeProfileFile(output, profile);
    if (json) writeOutput(`${JSON.stringify(profileJson(output, ids, profile), null, 2)}\n`);
    else if (!quiet) writeError(`wattloop: the profile of ${profile.stages.length} stages is in ${output}\n`);
  });
}

const EXAMPLES = `
Each run is a repetition. A name that ends in / is a folder that gets a file for each stage.

Examples:
  wattloop runs profile 20260501-1403 20260501-1410 --output profile.json
  wattloop runs profile 20260501-1403 --output profiling/video/`;

export function profileRunsCommand(): Command {
  return new Command('profile')
    .description("Write the profile of runs as FlexExecutor's profile files have it.")
    .argument('<ids...>', 'the runs, or how their ids begin')
    .requiredOption('--output <file>', 'where to write it')
    .addHelpText('after', EXAMPLES)
    .action(writeProfile);
}
