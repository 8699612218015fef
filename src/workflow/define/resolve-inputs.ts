import { ErrorCode, WattloopError } from '../../base/index.js';
import type { ShuffleKey } from '../data/input-part.js';
import type { DataSource } from '../data/sources.js';
import type { StageDefinition } from './stage.js';
import { isStageRef, type StageInput, type Strategy } from './strategy.js';

/** An input with what it reads found: a stage's partitions, or data from outside. */
export interface ResolvedInput {
  readonly name: string;
  readonly strategy: Strategy;
  /** The stage that it reads, by index; undefined for a data source. */
  readonly stage: number | undefined;
  readonly source: DataSource<unknown> | undefined;
  readonly key: ((element: never) => ShuffleKey) | undefined;
}

const bad = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, message, { remedy });

/** A stage's inputs, and how many workers it has for them. `workers` tells that of the stages before it. */
export function inputsOf(
  stage: StageDefinition,
  indexOf: ReadonlyMap<string, number>,
  workers: readonly number[],
  asked: number | undefined,
  usualWorkers: number,
): { inputs: ResolvedInput[]; count: number } {
  const inputs = Object.entries(stage.inputs ?? {}).map(([name, input]) =>
    resolved(stage.name, name, input, indexOf),
  );
  const count = asked ?? usualCount(inputs, workers, usualWorkers);
  for (const { name, strategy, stage: upstream } of inputs) {
    if (upstream === undefined) continue;
    const partitions = workers[upstream] ?? 1;
    const where = `stage "${stage.name}", input "${name}"`;
    if (strategy === 'each' && partitions !== count)
      throw bad(
        `${where}: each() needs as many workers as partitions: ${count} workers, ${partitions} partitions`,
        'Leave workers out, or use scatter() or gather()',
      );
    if (strategy === 'broadcast' && partitions !== 1)
      throw bad(
        `${where}: broadcast() is for the output of one worker, and there are ${partitions}`,
        'Use gather(): every worker gets the list of all partitions',
      );
  }
  return { inputs, count };
}

function resolved(
  stage: string,
  name: string,
  input: StageInput<unknown>,
  indexOf: ReadonlyMap<string, number>,
): ResolvedInput {
  const { strategy, from, key } = input;
  if (isStageRef(from)) return { name, strategy, stage: indexOf.get(from.stage), source: undefined, key };
  if (strategy !== 'scatter' && strategy !== 'broadcast')
    throw bad(
      `stage "${stage}", input "${name}": ${strategy}() is for the output of a stage`,
      'Use scatter()',
    );
  return { name, strategy, stage: undefined, source: from, key };
}

function usualCount(
  inputs: readonly ResolvedInput[],
  workers: readonly number[],
  usualWorkers: number,
): number {
  const counts = inputs.map(({ strategy, stage, source }) => {
    if (stage !== undefined) return strategy === 'scatter' || strategy === 'each' ? (workers[stage] ?? 1) : 1;
    if (strategy !== 'scatter' || source === undefined) return 1;
    if (source.source === 'values') return Math.max(1, source.values.length);
    return source.source === 'range' ? Math.max(1, source.count) : usualWorkers;
  });
  return Math.max(1, ...counts);
}
