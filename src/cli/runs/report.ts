import { Command } from 'commander';
import { createContext, type GlobalOptions } from '../context.js';
import { ReportFile } from '../report-file.js';
import { runReportText } from '../run/run-report.js';
import { withKnowledge } from './open-knowledge.js';

interface ReportFlags extends GlobalOptions {
  readonly output: string;
}

async function report(id: string, flags: ReportFlags): Promise<void> {
  const { settings } = createContext(flags);
  const file = new ReportFile(flags.output, '--output');
  await withKnowledge(settings, (knowledge) => {
    const text = runReportText(knowledge.run(id), knowledge, settings, file.kind);
    file.save(text, flags.quiet ?? false);
  });
}

export function reportCommand(): Command {
  return new Command('report')
    .description('Write a report on a run: a page or Markdown.')
    .argument('<id>', 'the run, or how its id begins')
    .requiredOption('--output <file>', 'its name ends in .html or .md')
    .action(report);
}
