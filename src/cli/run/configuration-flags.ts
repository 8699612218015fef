import { type Command, Option } from 'commander';
import type { Override } from '../../workflow/index.js';
import { amount, count } from '../numbers.js';
import { type Overrides, stageOverride } from './stage-overrides.js';

export interface ConfigurationFlags {
  readonly workers?: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly stage?: Overrides;
}

/** Options that say with what stages run. */
export const withConfiguration = (command: Command): Command =>
  command
    .option('--workers <n>', 'invocations that share the work of a stage', count)
    .option('--cpu <n>', 'processors of each invocation', amount)
    .option('--memory <MiB>', 'memory of each invocation', amount)
    .addOption(
      new Option(
        '--stage <stage:settings>',
        'workers, cpu, memory of one stage, as in train:workers=8,cpu=1; may be given several times',
      ).argParser(stageOverride),
    );

/** What the flags say of all stages, and of single ones. */
export function overridesOf({
  workers,
  cpu,
  memory,
  stage = {},
}: ConfigurationFlags): Record<string, Override> {
  const all: Override = {
    ...(workers !== undefined && { workers }),
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memoryMib: memory }),
  };
  return Object.keys(all).length === 0 ? stage : { '*': all, ...stage };
}
