import { type Random, seededRandom } from '../../maths/index.js';
import { type Configuration, type StageSample, WHOLE_RUN } from '../../model/index.js';
import { wholeRunSample } from '../characterize/whole-run.js';

/** A stage whose truth is known: a part that can't be shared, a part that workers and processors share, and what memory does. */
interface ExampleStage {
  readonly name: string;
  readonly serialSeconds: number;
  readonly sharedSeconds: number;
  /** Below this it is twice as slow. */
  readonly memoryMib?: number;
  readonly watts?: number;
}

export interface ExampleOptions {
  readonly stages?: readonly ExampleStage[];
  readonly workers?: readonly number[];
  readonly cpu?: readonly number[];
  readonly memoryMib?: readonly number[];
  readonly repetitions?: number;
  readonly warmUps?: number;
  /** Deviation of each figure as a part of it. */
  readonly noise?: number;
  /** How much slower the last run is than the first, as a part. */
  readonly drift?: number;
  readonly seed?: number;
  readonly hasEnergy?: boolean;
}

const STAGES: readonly ExampleStage[] = [
  { name: 'split', serialSeconds: 0.8, sharedSeconds: 0.4 },
  { name: 'encode', serialSeconds: 0.5, sharedSeconds: 16, memoryMib: 512 },
  { name: 'merge', serialSeconds: 1.2, sharedSeconds: 0.2 },
];

const IDLE_WATTS = 6;

/** How long a stage takes without any noise. */
function trueSeconds(
  { serialSeconds, sharedSeconds, memoryMib = 0 }: ExampleStage,
  configuration: Configuration,
): number {
  const slow = configuration.memoryMib < memoryMib ? 2 : 1;
  return slow * (serialSeconds + sharedSeconds / (configuration.workers * configuration.cpu));
}

interface Moment {
  readonly run: string;
  readonly repetition: number;
  readonly warmUp: boolean;
  readonly startedAt: number;
  readonly slower: number;
}

function stageSample(
  stage: ExampleStage,
  configuration: Configuration,
  moment: Moment,
  options: Required<Pick<ExampleOptions, 'noise' | 'hasEnergy'>>,
  random: Random,
): StageSample {
  const noisy = (value: number): number => value * Math.max(0.2, 1 + options.noise * random.normal());
  const { workers, cpu, memoryMib } = configuration;
  const { slower, ...rest } = moment;
  const wallSeconds = noisy(trueSeconds(stage, configuration)) * slower * (rest.warmUp ? 1.3 : 1);
  const busy = stage.serialSeconds + stage.sharedSeconds;
  const joules = noisy(wallSeconds * IDLE_WATTS + busy * (stage.watts ?? 4) * (rest.warmUp ? 1.3 : 1));
  const perWorker = wallSeconds * workers;
  return {
    workflow: 'video',
    stage: stage.name,
    configuration,
    ...rest,
    invocations: workers,
    wallSeconds,
    cpuSeconds: busy,
    coldStartSeconds: rest.warmUp ? 0.12 * workers : 0,
    readSeconds: perWorker * 0.1,
    computeSeconds: perWorker * 0.82,
    writeSeconds: perWorker * 0.08,
    coldStarts: rest.warmUp ? workers : 0,
    ...(options.hasEnergy && {
      joules,
      source: 'rapl' as const,
      provenance: 'measured' as const,
      energies: [
        { source: 'rapl' as const, domain: 'package' as const, joules, provenance: 'measured' as const },
        {
          source: 'tdp' as const,
          domain: 'package' as const,
          joules: joules * 1.4,
          provenance: 'estimated' as const,
        },
      ],
      carbonGrams: (joules / 3.6e6) * 386,
    }),
    // As Lambda bills: memory by time of every worker.
    costUsd: (memoryMib / 1024) * wallSeconds * workers * cpu * 1.6667e-5,
  };
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const all = [...values];
  for (let last = all.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [all[last], all[other]];
    if (a !== undefined && b !== undefined) [all[last], all[other]] = [b, a];
  }
  return all;
}

/** An experiment on a workflow of stages that run one after another: repetitions interleaved in random order. */
export function exampleSamples({
  stages = STAGES,
  workers = [1, 2, 4, 8],
  cpu = [1, 2],
  memoryMib = [256, 512, 1024],
  repetitions = 5,
  warmUps = 1,
  noise = 0.02,
  drift = 0,
  seed = 1,
  hasEnergy = true,
}: ExampleOptions = {}): StageSample[] {
  const random = seededRandom(seed);
  const grid = memoryMib.flatMap((memory) =>
    cpu.flatMap((each) => workers.map((count) => ({ workers: count, cpu: each, memoryMib: memory }))),
  );
  const rounds = Array.from({ length: warmUps + repetitions }, (_, round) =>
    shuffled(grid, random).map((each) => ({ each, round })),
  );
  const order = rounds.flat();
  let at = 1_750_000_000;
  return order.flatMap(({ each: configuration, round }, index) => {
    const warmUp = round < warmUps;
    const startedAt = at;
    const slower = 1 + (drift * index) / Math.max(1, order.length - 1);
    const run = `run-${index + 1}`;
    const repetition = warmUp ? round + 1 : round - warmUps + 1;
    const samples = stages.map((stage) => {
      const moment = { run, repetition, warmUp, startedAt: at, slower };
      const sample = stageSample(stage, configuration, moment, { noise, hasEnergy }, random);
      at += sample.wallSeconds;
      return sample;
    });
    const whole = wholeRunSample(samples, { configuration, wallSeconds: at - startedAt, startedAt });
    return whole === undefined ? samples : [whole, ...samples];
  });
}

export const ofStage = (samples: readonly StageSample[], stage: string = WHOLE_RUN): StageSample[] =>
  samples.filter((sample) => sample.stage === stage);
