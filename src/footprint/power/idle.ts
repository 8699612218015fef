import { type Estimate, robustMean } from '../../maths/index.js';
import type { Occupancy } from '../load/occupancy.js';
import { StepIntegral } from '../load/steps.js';
import { meanLag, type SensorResponse } from '../sensor/sampling.js';
import type { Samples } from './samples.js';

const LEAST_SAMPLES = 8;
/** What a smoothing sensor still shows of work that ended so many time constants ago is nothing. */
const MEMORY = 6;

export interface IdlePower extends Estimate {
  readonly samples: number;
}

/**
 * Idle power from samples while nothing ran. What comes after the last invocation counts only where there is nothing else:
 * a record of work may end before the work does. Undefined where too few samples are quiet.
 */
export function idlePower(
  samples: Samples,
  occupancy: Occupancy,
  response: SensorResponse,
): IdlePower | undefined {
  const { total, steps } = occupancy;
  const work = new StepIntegral(steps, total);
  const begun = total.findLastIndex((value) => value > 0);
  const lastWork = steps.start + (begun + 1) * steps.stepSeconds;
  const [before, after]: [number[], number[]] = [[], []];
  for (const [i, watts] of samples.watts.entries()) {
    if (Number.isNaN(watts)) continue;
    // The lag is known to a sample or so: work within one of the window may be seen in it.
    const from = (samples.starts[i] ?? 0) - meanLag(response) - samples.intervalSeconds;
    const to = (samples.ends[i] ?? 0) - meanLag(response) + samples.intervalSeconds;
    if (work.upTo(to) - work.upTo(from - MEMORY * response.smoothingSeconds) > 0) continue;
    (to <= lastWork ? before : after).push(watts);
  }
  const quiet = before.length >= LEAST_SAMPLES ? before : after;
  if (quiet.length < LEAST_SAMPLES) return undefined;
  return { ...robustMean(quiet), samples: quiet.length };
}
