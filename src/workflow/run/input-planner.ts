import { ErrorCode, WattloopError } from '../../base/index.js';
import type { InputPart } from '../data/input-part.js';
import type { PlanContext } from '../data/plan-context.js';
import { planSource } from '../data/plan-source.js';
import { scatterSlices } from '../data/scatter.js';
import type { ResolvedStage } from '../define/resolve.js';
import type { ResolvedInput } from '../define/resolve-inputs.js';
import { shuffleName } from '../worker/loaded-job.js';
import type { PartitionKeys } from './partition-key.js';

/** Says what each invocation reads. Data from outside is cut once, before the run; what stages wrote, when it is there. */
export class InputPlanner {
  readonly #stages: readonly ResolvedStage[];
  readonly #keys: PartitionKeys;
  /** Parts of data from outside, by worker, under `stage.input`. */
  readonly #chunks: ReadonlyMap<string, readonly InputPart[]>;

  private constructor(
    stages: readonly ResolvedStage[],
    keys: PartitionKeys,
    chunks: ReadonlyMap<string, readonly InputPart[]>,
  ) {
    this.#stages = stages;
    this.#keys = keys;
    this.#chunks = chunks;
  }

  static async open(
    stages: readonly ResolvedStage[],
    keys: PartitionKeys,
    context: (stage: string, input: string) => PlanContext,
  ): Promise<InputPlanner> {
    const chunks = new Map<string, readonly InputPart[]>();
    for (const { definition, configuration, inputs } of stages) {
      for (const { name, source, strategy } of inputs) {
        if (source === undefined) continue;
        const count = strategy === 'broadcast' ? 1 : configuration.workers;
        const planned = await planSource(source, count, context(definition.name, name)).catch(
          (error: unknown) => {
            throw badSource(error, definition.name, name);
          },
        );
        chunks.set(shuffleName(definition.name, name), planned);
      }
    }
    return new InputPlanner(stages, keys, chunks);
  }

  partsFor(stage: ResolvedStage, partition: number): Record<string, InputPart> {
    return Object.fromEntries(stage.inputs.map((input) => [input.name, this.#part(stage, input, partition)]));
  }

  #part(stage: ResolvedStage, input: ResolvedInput, partition: number): InputPart {
    const name = shuffleName(stage.definition.name, input.name);
    const upstream = input.stage === undefined ? undefined : this.#stages[input.stage];
    if (upstream === undefined) {
      const chunks = this.#chunks.get(name) ?? [];
      return chunks[input.strategy === 'broadcast' ? 0 : partition] ?? { kind: 'value', value: [] };
    }
    const { workers } = stage.configuration;
    const partitions = upstream.configuration.workers;
    const keyOf = (i: number): string => this.#keys.of(upstream.definition.name, i);
    const all = (): string[] => Array.from({ length: partitions }, (_, i) => keyOf(i));
    switch (input.strategy) {
      case 'each':
        return { kind: 'partition', key: keyOf(partition) };
      case 'broadcast':
        return { kind: 'partition', key: keyOf(0) };
      case 'gather':
        return { kind: 'partitions', keys: all() };
      case 'shuffle':
        return { kind: 'bucket', keys: all(), shuffle: name, bucket: partition };
      case 'scatter':
        return { kind: 'slices', slices: scatterSlices(keyOf, partitions, partition, workers) };
    }
  }
}

/** Data that is not there is the fault of what was given, not of the work. */
function badSource(error: unknown, stage: string, input: string): unknown {
  if (!(error instanceof WattloopError)) return error;
  const code = error.code === ErrorCode.notFound ? ErrorCode.badInput : error.code;
  return new WattloopError(code, `stage "${stage}", input "${input}": ${error.message}`, {
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    cause: error,
  });
}
