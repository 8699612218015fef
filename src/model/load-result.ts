/** Why a call of a load counts as failed. */
export const LOAD_FAILURES = [
  /** 404: there is no such function. */
  'not_found',
  /** 429: the server has too much to do. */
  'too_many',
  /** Any other status from 400 to 499. */
  'client_error',
  /** A status of 500 or above. */
  'server_error',
  /** No whole answer within the timeout. */
  'timeout',
  /** Refused, reset, or no HTTP. */
  'connection',
  /** Could not be sent within the timeout, as too many calls were under way. */
  'unsent',
] as const;
export type LoadFailure = (typeof LOAD_FAILURES)[number];

/** Times in seconds; quantiles are off by less than 1 %. */
export interface LatencyFigures {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What the answers themselves told of their energy. */
export interface ToldEnergy {
  /** Calls whose answer told. */
  readonly calls: number;
  readonly joules: number;
  readonly joulesPerCall: number;
}

/** What a Wattloop gateway's account says of the same time. */
export interface LoadFootprint {
  readonly calls: number;
  readonly individualJoules: number;
  readonly totalJoules: number;
  readonly joulesPerCall: number | undefined;
  readonly operationalGrams: number | undefined;
}

/** What was measured of one function, or of all. */
export interface LoadFigures {
  /** Calls that were due in the measured time. */
  readonly due: number;
  readonly sent: number;
  /** Answered with a status below 400. */
  readonly done: number;
  readonly failed: number;
  readonly failures: Readonly<Record<LoadFailure, number>>;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Under way when the load was ended early: neither done nor failed. */
  readonly unfinished: number;
  /** Done calls a second. */
  readonly perSecond: number;
  /** Seconds from the moment at which the call was due, of calls that were done or given up; absent when there was none. */
  readonly latency: LatencyFigures | undefined;
  /** The same from the moment at which the call was sent. */
  readonly service: LatencyFigures | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Calls whose answer told that they waited for a cold start. */
  readonly cold: number;
  readonly energy: ToldEnergy | undefined;
  readonly footprint: LoadFootprint | undefined;
}

export interface FunctionLoad extends LoadFigures {
  readonly name: string;
  readonly url: string;
  /** How calls came, for people: `exponential, 20/s`. */
  readonly arrival: string;
}

/** How well the generator kept to its own times. */
export interface GeneratorFigures {
  /** Seconds by which calls of open loops were sent after they were due. */
  readonly lateness: LatencyFigures | undefined;
  /** Calls that were late as too many others were under way. */
  readonly heldBack: number;
  /** CPU seconds of this process, in all and for each call that was sent, warm-up and all. */
  readonly cpuSeconds: number;
  readonly cpuSecondsPerCall: number | undefined;
  readonly connections: number;
}

/** A quantile of the latencies of all calls, in seconds. */
export interface LatencyPoint {
  /** The part of calls that took at most so long: 0 to 1. */
  readonly part: number;
  readonly latency: number;
  readonly service: number;
}

export interface LoadResult {
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly measuredFrom: number;
  readonly endedAt: number;
  readonly warmUpSeconds: number;
  /** Of the measured time. */
  readonly seconds: number;
  readonly seed: number;
  /** Ended by its user before its time. */
  readonly interrupted: boolean;
  readonly total: LoadFigures;
  readonly functions: readonly FunctionLoad[];
  /** Latencies of all functions from the fastest call to the slowest, closer together towards the end; empty when no call was done. */
  readonly curve: readonly LatencyPoint[];
  readonly generator: GeneratorFigures;
  /** What the reader should know. */
  readonly findings: readonly string[];
}
