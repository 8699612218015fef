import type { SparseRows } from '../../maths/index.js';
import type { Contention } from '../load/contention.js';
import type { Occupancy } from '../load/occupancy.js';
import type { Accelerator } from '../power/accelerator.js';
import type { Samples } from '../power/samples.js';
import type { SensorResponse } from '../sensor/sampling.js';

/** All that is known of a machine when its power is to be explained. */
export interface Observation {
  readonly samples: Samples;
  readonly occupancy: Occupancy;
  readonly contention: Contention;
  /** Load of shared principals, step by step, as columns beside the functions'; no columns where there is no usage. */
  readonly shared: SparseRows;
  /** Which of these columns is the control plane's, where there is one. */
  readonly controlPlane?: number;
  /** How present any work is in each step, 0 to 1. */
  readonly presence: Float64Array;
  /** Processors that each function kept busy, step by step, where its CPU time is known. */
  readonly cpu: SparseRows | undefined;
  /** Samples later than this, on the clock of the work, are not fitted: the record of work may have ended. */
  readonly until: number;
  readonly idleWatts?: number;
  /** What the accelerator drew, where it and its users are known: it is divided among these, and taken out before the rest is explained. */
  readonly accelerator?: Accelerator;
}

/** How a sensor sees it. */
export interface Sighting {
  readonly response: SensorResponse;
  /** Mean watts of each sample, without the accelerator's; NaN for those not to be fitted. */
  readonly watts: Float64Array;
  /** What of each sample was the accelerator's, where that is known. */
  readonly acceleratorWatts?: Float64Array;
  readonly sampling: SparseRows;
}
