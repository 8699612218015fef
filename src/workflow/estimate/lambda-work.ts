import type { Invocation } from '../../model/index.js';

/** A part of an invocation, as it went where it was measured. */
export interface MeasuredPart {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** One invocation as far as an estimate needs it. */
export interface LambdaWork {
  /** Without the start of a worker, which is another one elsewhere. */
  readonly parts: readonly MeasuredPart[];
  /** Processors that it could use at most where it was measured; without limit when not given. */
  readonly cpuLimit?: number;
  readonly memoryPeakMib?: number;
}

export function lambdaWorkOf({ phases, configuration, platform, memoryPeakMib }: Invocation): LambdaWork {
  const isLimited = platform !== undefined && platform.cpuLimit.by !== 'none';
  return {
    parts: phases.filter(({ name }) => name !== 'cold_start'),
    ...(isLimited && { cpuLimit: configuration.cpu }),
    ...(memoryPeakMib !== undefined && { memoryPeakMib }),
  };
}

/**
 * How long a part would take with so many processors. Its work can use as many at once as it was seen to use, and one at
 * least; what it spent waiting for others it would wait for again.
 */
function partSeconds(
  { wallSeconds, cpuSeconds }: MeasuredPart,
  cpuLimit: number | undefined,
  vcpus: number,
): number {
  if (!(wallSeconds > 0)) return 0;
  const parallelism = Math.max(1, cpuSeconds / wallSeconds);
  const had = Math.min(parallelism, cpuLimit ?? parallelism);
  const waiting = Math.max(0, wallSeconds - cpuSeconds / had);
  return waiting + cpuSeconds / Math.min(parallelism, vcpus);
}

export const secondsWith = ({ parts, cpuLimit }: LambdaWork, vcpus: number): number =>
  parts.reduce((sum, part) => sum + partSeconds(part, cpuLimit, vcpus), 0);

export const cpuSecondsOf = ({ parts }: LambdaWork): number =>
  parts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
