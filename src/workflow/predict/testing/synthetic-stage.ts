import { seededRandom } from '../../../maths/index.js';
import type { Configuration, StageSample } from '../../../model/index.js';

/** A stage whose laws are known: what a run would take if nothing disturbed it. */
export interface KnownStage {
  readonly seconds: (configuration: Configuration, work: number) => number;
  readonly cpuSeconds: (configuration: Configuration, work: number) => number;
  readonly joules: (seconds: number, cpuSeconds: number, configuration: Configuration) => number;
}

export interface SyntheticOptions {
  readonly stage?: string;
  readonly repetitions?: number;
  /** Deviation of the logarithms: of a repetition, and of a run with all its stages. */
  readonly noise?: number;
  readonly runNoise?: number;
  readonly work?: readonly number[];
  readonly seed?: number;
}

/** Amdahl's law: set-up, a part that one worker does, a part that all share, and the price of each worker. */
export const amdahl: KnownStage = {
  seconds: ({ cpu, workers }, work) =>
    0.3 + 0.4 * work + (12 * work) / (workers * Math.min(cpu, 1)) + 0.02 * workers,
  cpuSeconds: ({ workers }, work) => 12.4 * work + 0.05 * workers,
  joules: (seconds, cpuSeconds, { workers }) => 9 * seconds + 4 * cpuSeconds + 0.3 * workers,
};

/** Processors come with memory, 1,769 MiB each, and the work uses all it gets. */
export const memoryCoupled: KnownStage = {
  seconds: ({ memoryMib, workers }, work) => 0.2 + (20 * work) / (workers * (memoryMib / 1769)),
  cpuSeconds: ({ workers }, work) => 20 * work + 0.1 * workers,
  joules: (seconds, cpuSeconds, { workers, memoryMib }) =>
    3 * seconds + 5 * cpuSeconds + 0.4 * (memoryMib / 1024) * workers * seconds,
};

/** Four processors for all: what does not fit waits. */
export const queued: KnownStage = {
  seconds: ({ cpu, workers }, work) => {
    const slots = Math.min(workers, Math.max(1, Math.floor(4 / cpu)));
    return 0.1 + Math.ceil(workers / slots) * (0.15 + (16 * work) / (workers * cpu));
  },
  cpuSeconds: ({ workers }, work) => 16 * work + 0.15 * workers,
  joules: (seconds, cpuSeconds) => 12 * seconds + 3.5 * cpuSeconds,
};

/** No sum of terms: caches that overflow, an optimum in the middle. */
export const crooked: KnownStage = {
  seconds: ({ cpu, memoryMib, workers }, work) =>
    0.5 +
    ((10 * work) / (workers * cpu) ** 0.7) *
      (1 + 0.6 / (1 + Math.exp(3 * (Math.log2(memoryMib / workers) - 7)))) +
    0.01 * workers ** 1.5,
  cpuSeconds: ({ workers }, work) => 10 * work * (1 + 0.05 * workers ** 0.6),
  joules: (seconds, cpuSeconds) => 8 * seconds + 6 * cpuSeconds ** 0.95,
};

export const gridOf = (
  cpus: readonly number[],
  memories: readonly number[],
  workers: readonly number[],
): Configuration[] =>
  cpus.flatMap((cpu) =>
    memories.flatMap((memoryMib) => workers.map((count) => ({ cpu, memoryMib, workers: count }))),
  );

/** What would have been recorded of runs over a grid. */
export function syntheticSamples(
  law: KnownStage,
  configurations: readonly Configuration[],
  options: SyntheticOptions = {},
): StageSample[] {
  const { stage = 'stage', repetitions = 5, noise = 0.05, runNoise = 0, work, seed = 1 } = options;
  const runs = seededRandom(seed);
  const own = runs.fork(stage);
  return configurations.flatMap((configuration, place) =>
    (work ?? [1]).flatMap((amount) =>
      Array.from({ length: repetitions }, (_, index): StageSample => {
        const run = `run-${place}-${amount}-${index}`;
        const ofRun = Math.exp(runNoise * seededRandom(seed).fork(run).normal());
        const wallSeconds = law.seconds(configuration, amount) * ofRun * Math.exp(noise * own.normal());
        const cpuSeconds = law.cpuSeconds(configuration, amount) * Math.exp((noise / 2) * own.normal());
        const joules =
          law.joules(wallSeconds, cpuSeconds, configuration) * Math.exp((noise / 2) * own.normal());
        const busySeconds = configuration.workers * wallSeconds * 0.9;
        return {
          workflow: 'synthetic',
          stage,
          run,
          configuration,
          repetition: index + 1,
          warmUp: false,
          invocations: configuration.workers,
          wallSeconds,
          cpuSeconds,
          coldStartSeconds: 0,
          readSeconds: busySeconds * 0.1,
          computeSeconds: busySeconds * 0.85,
          writeSeconds: busySeconds * 0.05,
          coldStarts: 0,
          joules,
          source: 'rapl',
          provenance: 'measured',
          carbonGrams: (joules / 3.6e6) * 300,
          costUsd: busySeconds * (configuration.memoryMib / 1024) * 1.66667e-5 + configuration.workers * 2e-7,
          ...(work && { work: amount }),
        };
      }),
    ),
  );
}
