import { type Command, Option } from 'commander';
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
    .option('--extrapolate', 'with --optimize: consider what lies beyond all that was tried');

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
