import type { Random } from '../../maths/index.js';

export const EXPERIMENT_ORDERS = ['interleaved', 'random', 'blocked'] as const;
/**
 * `interleaved`: each configuration once, then each again, so that what drifts (heat, neighbours) falls on all alike;
 * `random`: the same, shuffled anew in every round; `blocked`: all repetitions of one, then of the next.
 */
export type ExperimentOrder = (typeof EXPERIMENT_ORDERS)[number];

export interface PlannedRun {
  /** Place of the configuration in the list. */
  readonly configuration: number;
  /** From 1; warm-ups count apart. */
  readonly repetition: number;
  readonly warmUp: boolean;
}

export interface OrderOptions {
  readonly configurations: number;
  readonly repetitions: number;
  readonly warmUps: number;
  readonly order: ExperimentOrder;
  readonly random: Random;
}

function shuffled(items: readonly number[], random: Random): number[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [a = 0, b = 0] = [list[i], list[j]];
    list[i] = b;
    list[j] = a;
  }
  return list;
}

/** All runs of an experiment in their order. Warm-ups of a configuration come before all its repetitions. */
export function orderedRuns({
  configurations,
  repetitions,
  warmUps,
  order,
  random,
}: OrderOptions): PlannedRun[] {
  const all = Array.from({ length: configurations }, (_, i) => i);
  const times = (count: number, warmUp: boolean, of: readonly number[]): PlannedRun[] =>
    Array.from({ length: count }, (_, i) => i + 1).flatMap((repetition) =>
      (order === 'random' ? shuffled(of, random) : of).map((configuration) => ({
        configuration,
        repetition,
        warmUp,
      })),
    );
  const rounds = order === 'blocked' ? all.map((one) => [one]) : [all];
  return rounds.flatMap((round) => [...times(warmUps, true, round), ...times(repetitions, false, round)]);
}
