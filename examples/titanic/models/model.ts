import type { Dataset } from '../dataset.js';

/** What was learnt: the probability that each passenger survives. The columns are those that it was learnt from. */
export type Model = (data: Dataset) => Float64Array;

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
