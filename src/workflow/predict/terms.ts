import type { Situation } from './situation.js';

/** What the laws of time and CPU time say of a situation: what energy, carbon and money follow. */
export interface Basics {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** All invocations' time together. */
  readonly busySeconds: number;
  /** NaN where no energy is known. */
  readonly joules: number;
}

type Term = (situation: Situation, basics: Basics) => number;

const single = (cpu: number): number => 1 / Math.min(cpu, 1);
const MIB_PER_GIB = 1024;

/** What a law may be a sum of, each with a coefficient of 0 or more. Names are kept in models: never change a meaning. */
const TERMS = {
  constant: () => 1,
  work: ({ work }) => work,
  workers: ({ workers }) => workers,
  cold: ({ coldShare, workers }) => Math.min(1, coldShare * workers),
  cold_invocations: ({ coldShare, workers }) => coldShare * workers,

  // Of the stage's wall time: waves of invocations, each with its share of the work.
  waves_single: ({ waves, share, effectiveCpu }) => waves * share * single(effectiveCpu),
  waves_parallel: ({ waves, share, effectiveCpu }) => (waves * share) / effectiveCpu,
  waves_transfer: ({ waves, share }) => waves * share,
  waves_setup: ({ waves, effectiveCpu }) => waves * single(effectiveCpu),
  waves_fixed: ({ waves }) => waves,
  waves_memory_single: ({ waves, share, memoryCpu }) => waves * share * single(memoryCpu),
  waves_memory: ({ waves, share, memoryCpu }) => (waves * share) / memoryCpu,
  // Invocations that don't end together fill gaps: waves need not be whole.
  throughput: ({ work, concurrency, effectiveCpu }) => work / (concurrency * effectiveCpu),

  // Of sums over the invocations.
  sum_single: ({ work, effectiveCpu }) => work * single(effectiveCpu),
  sum_parallel: ({ work, effectiveCpu }) => work / effectiveCpu,
  sum_memory_single: ({ work, memoryCpu }) => work * single(memoryCpu),
  sum_memory: ({ work, memoryCpu }) => work / memoryCpu,
  sum_setup: ({ workers, effectiveCpu }) => workers * single(effectiveCpu),
  sum_crowded: ({ workers, concurrency }) => workers * concurrency,
  work_crowded: ({ work, concurrency }) => work * concurrency,
  work_spread: ({ work, cpu }) => work * cpu,

  // Of energy, carbon and money.
  wall_seconds: (_, { wallSeconds }) => wallSeconds,
  cpu_seconds: (_, { cpuSeconds }) => cpuSeconds,
  busy_seconds: (_, { busySeconds }) => busySeconds,
  busy_cpu_seconds: ({ cpu }, { busySeconds }) => cpu * busySeconds,
  busy_gib_seconds: ({ memoryMib }, { busySeconds }) => (memoryMib / MIB_PER_GIB) * busySeconds,
  joules: (_, { joules }) => joules,
} as const satisfies Record<string, Term>;

export type TermName = keyof typeof TERMS;

export const isTermName = (name: string): name is TermName => Object.hasOwn(TERMS, name);

export const NO_BASICS: Basics = {
  wallSeconds: Number.NaN,
  cpuSeconds: Number.NaN,
  busySeconds: Number.NaN,
  joules: Number.NaN,
};

export const termValues = (
  names: readonly TermName[],
  situation: Situation,
  basics: Basics = NO_BASICS,
): Float64Array => Float64Array.from(names, (name) => TERMS[name](situation, basics));

const PHASE_TERMS = [
  'workers',
  'work',
  'sum_single',
  'sum_parallel',
  'sum_memory_single',
  'sum_memory',
  'sum_setup',
  'sum_crowded',
  'work_crowded',
  'cold_invocations',
] as const;

/** The terms of each quantity's law. */
export const LAW_TERMS = {
  wallSeconds: [
    'constant',
    'work',
    'waves_single',
    'waves_parallel',
    'waves_transfer',
    'throughput',
    'waves_fixed',
    'waves_setup',
    'workers',
    'waves_memory_single',
    'waves_memory',
    'cold',
  ],
  cpuSeconds: [
    'work',
    'workers',
    'work_crowded',
    'sum_crowded',
    'work_spread',
    'sum_memory',
    'sum_parallel',
    'cold_invocations',
  ],
  coldStartSeconds: ['cold_invocations', 'workers', 'sum_setup', 'sum_crowded'],
  readSeconds: PHASE_TERMS,
  computeSeconds: PHASE_TERMS,
  writeSeconds: PHASE_TERMS,
  joules: ['wall_seconds', 'cpu_seconds', 'workers', 'busy_seconds', 'busy_gib_seconds'],
  carbonGrams: ['joules', 'busy_cpu_seconds', 'busy_gib_seconds', 'wall_seconds'],
  costUsd: ['busy_gib_seconds', 'busy_cpu_seconds', 'workers', 'busy_seconds'],
} as const satisfies Record<string, readonly TermName[]>;

export type Quantity = keyof typeof LAW_TERMS;
