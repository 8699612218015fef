import type { Invocation, LambdaEstimate, RunRecord } from '../../model/index.js';

/** Power of a machine over time. */
export interface RunPower {
  /** What told it. */
  readonly source: string;
  /** Seconds since 1970, ascending: when each mean power ended. */
  readonly at: Float64Array;
  readonly watts: Float64Array;
}

/** All that a report of a run is made of. */
export interface RunReportData {
  readonly run: RunRecord;
  readonly invocations: readonly Invocation[];
  readonly power?: RunPower;
  /** The same work on AWS Lambda. */
  readonly lambda?: LambdaEstimate;
  /** Of Wattloop. */
  readonly version?: string;
}
