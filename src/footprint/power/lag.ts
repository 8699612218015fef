import { DEFAULT_MAX_LAG_SECONDS, type PowerSeries, synchronise } from '../../maths/index.js';
import type { Occupancy } from '../load/occupancy.js';
import type { SensorResponse } from '../sensor/sampling.js';

/** How late power comes after the work, and how that was found. */
interface Lag {
  readonly seconds: number;
  readonly errorSeconds: number;
  readonly from: 'work' | 'cpu-power' | 'given';
}

export type LagSearch =
  | ({ readonly found: true } & Lag)
  /** Why it could not be found. */
  | { readonly found: false; readonly reason: string };

/**
 * How late the machine's power comes: after the work itself, else after the processor's own power, whose counter is read at
 * the moment and so is held to be on the clock of the work.
 */
export function findLag(
  occupancy: Occupancy,
  power: PowerSeries,
  cpu: PowerSeries | undefined,
  until: number,
  maxLagSeconds: number = DEFAULT_MAX_LAG_SECONDS,
): LagSearch {
  const early: PowerSeries = { ...power, samples: power.samples.filter(({ at }) => at <= until) };
  const work = synchronise(workSeries(occupancy, until), early, { maxLagSeconds });
  if (work.determined)
    return { found: true, seconds: work.lagSeconds, errorSeconds: work.resolutionSeconds, from: 'work' };
  if (cpu === undefined || cpu.samples.length === 0) return { found: false, reason: work.reason };
  const counter = synchronise(cpu, power, { maxLagSeconds });
  if (counter.determined)
    return {
      found: true,
      seconds: counter.lagSeconds,
      errorSeconds: counter.resolutionSeconds,
      from: 'cpu-power',
    };
  return { found: false, reason: `against the work: ${work.reason}; against CPU power: ${counter.reason}` };
}

/** Work as a signal that moves as power does: much for the first that runs, less for every other. */
export function workSeries({ steps, total }: Occupancy, until: number): PowerSeries {
  const { start, stepSeconds } = steps;
  const busy = total.filter((value) => value > 0);
  const usual = busy.reduce((sum, value) => sum + value, 0) / Math.max(1, busy.length);
  const samples = Array.from(total, (value, j) => ({
    at: start + (j + 1) * stepSeconds,
    watts: usual > 0 ? -Math.expm1(-value / (usual / 2)) : 0,
  }));
  return { samples: samples.filter(({ at }) => at <= until), sampling: 'mean' };
}

/** Delays and smoothings around a first guess, to be tried against the data. */
export function responsesAround(lag: number, intervalSeconds: number): SensorResponse[] {
  const responses: SensorResponse[] = [];
  for (const part of [0, 0.3, 0.6, 1, 2, 4])
    for (let shift = -6; shift <= 6; shift++) {
      const smoothingSeconds = part * intervalSeconds;
      responses.push({
        smoothingSeconds,
        delaySeconds: lag - smoothingSeconds + (shift * intervalSeconds) / 4,
      });
    }
  return responses;
}
