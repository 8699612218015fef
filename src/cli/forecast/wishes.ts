import { type Command, InvalidArgumentError, Option } from 'commander';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { MetricName } from '../../model/index.js';
import type { Wishes } from '../../workflow/index.js';
import { duration } from '../duration.js';
import { amount } from '../numbers.js';

export interface WishFlags {
  readonly optimize?: MetricName;
  readonly deadline?: number;
  readonly budget?: number;
  readonly energyBudget?: number;
  readonly extrapolate?: boolean;
  readonly work?: Record<string, number>;
}

/** Options by which configurations are chosen. */
export const withWishes = (command: Command): Command =>
  command
    .addOption(
      new Option('--optimize <what>', 'choose the configurations that need least of it').choices([
        'energy',
        'time',
        'cost',
        'carbon',
      ]),
    )
    .option('--deadline <time>', 'with --optimize: the run takes no longer', duration)
    .option('--budget <USD>', 'with --optimize: the run costs no more', amount)
    .option('--energy-budget <J>', 'with --optimize: the run takes no more energy', amount)
    .option('--work <stage=units>', 'units of work of a stage, when it is another than usual', workOf)
    .option('--extrapolate', 'with --optimize: consider what lies beyond all that was tried');

/** `sample=4000000`, added to what was said before. For commander's options. */
function workOf(text: string, before: Record<string, number> = {}): Record<string, number> {
  const sign = text.lastIndexOf('=');
  const units = Number(text.slice(sign + 1));
  if (sign < 1 || !(units > 0))
    throw new InvalidArgumentError('Write it as STAGE=UNITS, as in sample=4000000.');
  return { ...before, [text.slice(0, sign)]: units };
}

/** What is wished; undefined where nothing is to be chosen. */
export function wishesOf(flags: WishFlags): Wishes | undefined {
  const { optimize, deadline, budget, energyBudget, extrapolate } = flags;
  if (optimize === undefined) return undefined;
  return {
    objective: optimize,
    ...(deadline !== undefined && { deadlineSeconds: deadline }),
    ...(budget !== undefined && { budgetUsd: budget }),
    ...(energyBudget !== undefined && { energyBudgetJoules: energyBudget }),
    allowExtrapolation: extrapolate ?? false,
  };
}

/** Refuses bounds without anything that is chosen within them: a run would not keep to them. */
export function refuseBoundsAlone({ optimize, deadline, budget, energyBudget }: WishFlags): void {
  if (optimize !== undefined) return;
  const bounds = { '--deadline': deadline, '--budget': budget, '--energy-budget': energyBudget };
  const [name] = Object.entries(bounds).find(([, bound]) => bound !== undefined) ?? [];
  if (name === undefined) return;
  throw new WattloopError(ErrorCode.badUsage, `${name} is of no effect by itself`, {
    remedy: 'Say what is to be least too, as in --optimize energy',
  });
}
