import { Command } from 'commander';
import { writeOutput } from '../../base/index.js';
import { examine } from '../../meter/index.js';
import { examinationJson, examinationText } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';

async function run(options: GlobalOptions): Promise<void> {
  const { host, settings, json } = createContext(options);
  const examination = await examine(host, settings);
  const width = Math.max(60, Math.min(process.stdout.columns || 110, 140));
  writeOutput(
    json ? `${JSON.stringify(examinationJson(examination), null, 2)}\n` : examinationText(examination, width),
  );
}

const EXAMPLES = `
Examples:
  wattloop doctor
  wattloop doctor --json | jq '.sources[] | select(.usable) | .name'
  wattloop doctor --sysfs /host/sys --procfs /host/proc     from within a container`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Say which sources of energy and usage work on this machine, and for each that does not: why, and what would enable it.',
    )
    .addHelpText('after', EXAMPLES)
    .action(run);
}
