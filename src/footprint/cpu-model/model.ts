import { COUNTER_WORDS, type CounterName, type CounterSample } from './counters.js';

export const CPU_MODEL_METHODS = {
  robust: 'robust linear fit',
  svr: 'linear support vector regression',
} as const;

export type CpuModelMethod = keyof typeof CPU_MODEL_METHODS;

/** Power of the processor as a line through its counters: idle, and so many joules a cycle, an instruction… Plain data. */
export interface LinearCpuModel {
  readonly method: CpuModelMethod;
  /** What it needs to know. */
  readonly inputs: readonly CounterName[];
  /** Of one CPU second, cycle, instruction…, in the order of `inputs`; never negative. */
  readonly joulesPerUnit: readonly number[];
  /** Power without work: where the line begins. */
  readonly idleWatts: number;
  /** How far its power is off on rows that it has not seen, relative to their mean. */
  readonly relativeError: number;
  /** Rows that it was fitted to. */
  readonly rows: number;
}

export interface CpuModel extends LinearCpuModel {
  /** The same from CPU time alone, for moments without performance counters. */
  readonly fromTime: LinearCpuModel;
  /** Why it makes do with CPU time; absent where it doesn't. */
  readonly reason?: string;
}

export const inputWords = ({ inputs }: Pick<LinearCpuModel, 'inputs'>): string =>
  inputs.map((name) => COUNTER_WORDS[name]).join(', ');

const knows = ({ inputs }: LinearCpuModel, sample: CounterSample): boolean =>
  inputs.every((name) => Number.isFinite(sample[name]));

/** The model that a sample has all inputs of: the one from CPU time where performance counters are missing. */
export function modelFor(model: CpuModel, sample: CounterSample): LinearCpuModel | undefined {
  return [model, model.fromTime].find((candidate) => knows(candidate, sample));
}

/** Joules of the work that a sample counts, idle left out; NaN where an input is missing. */
export const workJoules = ({ inputs, joulesPerUnit }: LinearCpuModel, sample: CounterSample): number =>
  inputs.reduce((sum, name, k) => sum + (joulesPerUnit[k] ?? 0) * sample[name], 0);

/** Power of the processor over the seconds that a sample of the system counts; undefined where it lacks even CPU time. */
export function predictCpuWatts(model: CpuModel, system: CounterSample, seconds: number): number | undefined {
  const usable = modelFor(model, system);
  return usable === undefined ? undefined : usable.idleWatts + workJoules(usable, system) / seconds;
}
