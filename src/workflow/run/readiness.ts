import type { ResolvedStage } from '../define/resolve.js';

type Partition = readonly [stage: number, partition: number];

/** Partitions [first, last) of what is read that worker `i` of `workers` needs of a scattered input. */
export function scatteredRange(
  partitions: number,
  workers: number,
  i: number,
): [first: number, last: number] {
  // In whole numbers, so that neighbours agree where one ends and the next begins.
  return [Math.floor((i * partitions) / workers), Math.ceil(((i + 1) * partitions) / workers)];
}

/** What a stage waits for: a stage as a whole, or its partitions one by one. */
interface Need {
  readonly stage: number;
  readonly whole: boolean;
}

/**
 * Tells which partitions can start: those whose own inputs are there, whatever the others wait for. It holds one number
 * for each partition, so that ten thousand of them cost nothing.
 */
export class Readiness {
  readonly #stages: readonly ResolvedStage[];
  /** Partitions that are still missing, by stage and partition. */
  readonly #missing: Int32Array[];
  readonly #readers: Need[][];
  readonly #unfinished: number[];

  constructor(stages: readonly ResolvedStage[]) {
    this.#stages = stages;
    this.#unfinished = stages.map(({ configuration }) => configuration.workers);
    this.#readers = stages.map(() => []);
    this.#missing = stages.map((stage) => {
      const missing = new Int32Array(stage.configuration.workers);
      for (const need of needsOf(stage)) {
        this.#readers[need.stage]?.push({ stage: stage.index, whole: need.whole });
        const partitions = this.#workers(need.stage);
        for (let i = 0; i < missing.length; i++) {
          const [first, last] = need.whole ? [0, 1] : scatteredRange(partitions, missing.length, i);
          missing[i] = (missing[i] ?? 0) + last - first;
        }
      }
      return missing;
    });
  }

  #workers(stage: number): number {
    return this.#stages[stage]?.configuration.workers ?? 0;
  }

  /** Partitions that wait for nothing, to begin with. */
  *initial(): Iterable<Partition> {
    for (const [stage, missing] of this.#missing.entries())
      for (let i = 0; i < missing.length; i++) if (missing[i] === 0) yield [stage, i];
  }

  /** A partition is finished: these can start now. */
  *finish(stage: number, partition: number): Iterable<Partition> {
    const left = (this.#unfinished[stage] ?? 0) - 1;
    this.#unfinished[stage] = left;
    for (const reader of this.#readers[stage] ?? []) {
      const workers = this.#workers(reader.stage);
      if (!reader.whole) {
        // The workers that need a partition are those between which it would be scattered.
        yield* this.#count(reader.stage, ...scatteredRange(workers, this.#workers(stage), partition));
      } else if (left === 0) {
        yield* this.#count(reader.stage, 0, workers);
      }
    }
  }

  *#count(stage: number, first: number, last: number): Iterable<Partition> {
    const missing = this.#missing[stage];
    for (let i = first; missing !== undefined && i < last; i++) {
      const left = (missing[i] ?? 0) - 1;
      missing[i] = left;
      if (left === 0) yield [stage, i];
    }
  }
}

function needsOf(stage: ResolvedStage): Need[] {
  const needs = stage.after.map((index): Need => ({ stage: index, whole: true }));
  for (const { stage: upstream, strategy } of stage.inputs) {
    if (upstream === undefined) continue;
    needs.push({ stage: upstream, whole: strategy !== 'scatter' && strategy !== 'each' });
  }
  return needs;
}
