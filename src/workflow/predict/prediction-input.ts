import type { Configuration } from '../../model/index.js';

/** What a stage is asked to be predicted for. */
export interface PredictionInput {
  readonly configuration: Configuration;
  /** Units of work; the usual one (the median seen) when not given. Where work was never counted, it says nothing. */
  readonly work?: number;
  /** The part of the invocations that start cold, 0 with a warm pool; what is usual (the median seen) when not given. */
  readonly coldShare?: number;
}

/** The same with everything filled in. Work that is not counted is 1. */
export interface StagePoint {
  readonly cpu: number;
  readonly memoryMib: number;
  readonly workers: number;
  readonly work: number;
  readonly coldShare: number;
}

export const configurationKey = ({ cpu, memoryMib, workers }: Configuration): string =>
  `${cpu} ${memoryMib} ${workers}`;

/** What is usual of a stage: stands for what is not given. */
export interface Usual {
  readonly work: number;
  readonly coldShare: number;
}

export function pointOf({ configuration, work, coldShare }: PredictionInput, usual: Usual): StagePoint {
  const { cpu, memoryMib, workers } = configuration;
  return { cpu, memoryMib, workers, work: work ?? usual.work, coldShare: coldShare ?? usual.coldShare };
}
