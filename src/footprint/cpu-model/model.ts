import { COUNTER_WORDS, type CounterName, type CounterSample } from './counters.js';
import { type CurveTerm, curveWatts } from './curve.js';

export const CPU_MODEL_METHODS = {
  robust: 'robust linear fit',
  svr: 'linear support vector regression',
} as const;

export type CpuModelMethod = keyof typeof CPU_MODEL_METHODS;

/**
 * Power of the processor from its counters: idle, so many joules a cycle, an instruction…, and what it draws for being
 * awake and busy at all, which flattens as it fills up. Plain data.
 */
export interface CountedCpuModel {
  readonly method: CpuModelMethod;
  /** What it needs to know. */
  readonly inputs: readonly CounterName[];
  /** Of one CPU second, cycle, instruction…, in the order of `inputs`; never negative. */
  readonly joulesPerUnit: readonly number[];
  readonly curve: readonly CurveTerm[];
  /** Power without work: where model and measurement begin. */
  readonly idleWatts: number;
  /** How far its power is off on rows that it has not seen, relative to their mean. */
  readonly relativeError: number;
  /** Rows that it was fitted to. */
  readonly rows: number;
}

export interface CpuModel extends CountedCpuModel {
  /** The same from CPU time alone, for moments without performance counters. */
  readonly fromTime: CountedCpuModel;
  /** Why it makes do with CPU time; absent where it doesn't. */
  readonly reason?: string;
}

export const inputWords = ({ inputs }: Pick<CountedCpuModel, 'inputs'>): string =>
  inputs.map((name) => COUNTER_WORDS[name]).join(', ');

const knows = ({ inputs }: CountedCpuModel, sample: CounterSample): boolean =>
  inputs.every((name) => Number.isFinite(sample[name]));

/** The model that a sample has all inputs of: the one from CPU time where performance counters are missing. */
export function modelFor(model: CpuModel, sample: CounterSample): CountedCpuModel | undefined {
  return [model, model.fromTime].find((candidate) => knows(candidate, sample));
}

/** Joules that a sample's own counters stand for; NaN where an input is missing. */
export function countedJoules({ inputs, joulesPerUnit }: CountedCpuModel, sample: CounterSample): number {
  let joules = 0;
  for (let k = 0; k < inputs.length; k++)
    joules += (joulesPerUnit[k] ?? 0) * sample[inputs[k] ?? 'cpuSeconds'];
  return joules;
}

/** Joules that the processor takes for being awake and as busy as it is, beside those that its counters stand for. */
export const busyJoules = ({ curve }: CountedCpuModel, system: CounterSample, seconds: number): number =>
  seconds * curveWatts(curve, system.cpuSeconds / seconds);

/** Power of the processor over the seconds that a sample of the system counts; undefined where it lacks even CPU time. */
export function predictCpuWatts(model: CpuModel, system: CounterSample, seconds: number): number | undefined {
  const usable = modelFor(model, system);
  if (usable === undefined) return undefined;
  return usable.idleWatts + (countedJoules(usable, system) + busyJoules(usable, system, seconds)) / seconds;
}
