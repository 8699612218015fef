import { Command } from 'commander';
import { writeOutput } from '../../base/index.js';
import type { Knowledge } from '../../knowledge/index.js';
import { comparisonJson, comparisonText } from '../../report/index.js';
import { compareSets, resultSet } from '../../workflow/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { openKnowledge } from '../runs/open-knowledge.js';

interface CompareFlags extends GlobalOptions {
  readonly labels?: string;
}

async function compare(first: string, second: string, flags: CompareFlags): Promise<void> {
  const { host, settings, json } = createContext(flags);
  const knowledge = (): Promise<Knowledge> => openKnowledge(settings);
  const [a, b] = [await resultSet(first, knowledge), await resultSet(second, knowledge)];
  for (const warning of [...a.warnings, ...b.warnings]) host.log.warn(warning);
  const [labelA = a.label, labelB = b.label] = flags.labels?.split(',') ?? [];
  const comparison = compareSets(a.samples, b.samples, [labelA, labelB]);
  writeOutput(json ? `${JSON.stringify(comparisonJson(comparison), null, 2)}\n` : comparisonText(comparison));
}

const EXAMPLES = `
Examples:
  wattloop compare x86.json arm.json --labels x86,ARM
  wattloop compare 20261121-155630-k3f9 20261121-160210-p0aa

A and B are files of "wattloop characterize --output", profile files, or names of experiments, runs or workflows that are
kept here. Stages are compared under equal configurations: ratio, Welch's t-test, effect size.`;

export function compareCommand(): Command {
  return new Command('compare')
    .description('Hold two sets of results against one another, stage by stage.')
    .argument('<a>', 'results')
    .argument('<b>', 'other results')
    .option('--labels <a,b>', 'what to call them')
    .addHelpText('after', EXAMPLES)
    .action(compare);
}
