import type { SparseRows } from '../../maths/index.js';
import type { ConcaveCourse, PowerLaw } from './power-law.js';

/** What the power is explained by. */
export interface PowerData {
  /** Mean watts of each sample; NaN for those that are not to be used. */
  readonly watts: Float64Array;
  /** What part of each step each sample shows. */
  readonly sampling: SparseRows;
  /** Load of each principal, step by step. */
  readonly loads: SparseRows;
  /** How present any work is in each step, 0 to 1. */
  readonly presence: Float64Array;
}

export interface FitOptions {
  /** Known idle power; found with the rest when absent. */
  readonly idleWatts?: number;
  readonly floor: boolean;
  readonly bend: boolean;
  /** Watts per load that each principal is held to have before anything is seen, and how far it may be off. */
  readonly prior?: { readonly watts: Float64Array; readonly deviation: Float64Array };
  /** A course that is kept as it is, instead of a bend. */
  readonly course?: ConcaveCourse;
  /** Where to start. */
  readonly start?: { readonly law: PowerLaw; readonly weights: Float64Array };
  readonly rounds?: number;
  /** Whether errors of the weights are wanted; they cost as much as a round. */
  readonly errors?: boolean;
}

export interface PowerFit {
  readonly law: PowerLaw;
  /** Watts of one unit of each principal's load, before the law bends them. */
  readonly weights: Float64Array;
  /** One standard error each; empty where they were not wanted. */
  readonly errors: Float64Array;
  /** Predicted watts of every sample; NaN where the sampling sees nothing. */
  readonly predicted: Float64Array;
  /** Sum of squares of the residuals over the samples used, and their number. */
  readonly square: number;
  readonly count: number;
  /** Of one residual, and by how much neighbouring ones err alike. */
  readonly variance: number;
  readonly inflation: number;
}
