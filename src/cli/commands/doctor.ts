import { Command } from 'commander';
import { allSources } from '../../meter/index.js';
import { table } from '../../report/index.js';
import { createContext, type GlobalOptions } from '../context.js';

async function run(options: GlobalOptions): Promise<void> {
  const { host, settings, json } = createContext(options);
  const sources = await Promise.all(
    allSources(host, settings).map(async (source) => {
      const found = await source.probe();
      return {
        name: source.name,
        usable: found.usable,
        domains: found.usable ? found.domains : [],
        provenance: source.yields === 'energy' ? source.provenance : 'measured',
        reason: found.usable ? (found.note ?? null) : found.reason,
        remedy: found.usable ? null : found.remedy,
      };
    }),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ sources }, null, 2)}\n`);
    return;
  }
  const rows = sources.map((s) => [
    s.name,
    s.usable ? 'yes' : 'no',
    s.domains.join(' '),
    s.reason ?? '',
    s.remedy ?? '',
  ]);
  process.stdout.write(`${table(['SOURCE', 'USABLE', 'DOMAINS', 'WHY NOT', 'REMEDY'], rows)}\n`);
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Say which sources of energy and usage work on this machine, and for each that does not: why, and what would enable it.',
    )
    .action(run);
}
