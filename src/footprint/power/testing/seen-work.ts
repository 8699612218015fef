import { multiply, seededRandom } from '../../../maths/index.js';
import type { InvocationTable } from '../../../model/index.js';
import { type Occupancy, occupancyOf } from '../../load/occupancy.js';
import type { Steps } from '../../load/steps.js';
import { type SensorResponse, samplingRows } from '../../sensor/sampling.js';
import { type Samples, samplesOf } from '../samples.js';

export interface SeenWork {
  readonly seed?: number;
  readonly response: SensorResponse;
  readonly idleWatts?: number;
  readonly workWatts?: number;
  readonly noiseWatts?: number;
  /** Power is seen from here to there. */
  readonly from: number;
  readonly to: number;
  readonly intervalSeconds?: number;
  /** What drew power, and what of it the log tells: the same when not given. */
  readonly runs: readonly (readonly [start: number, end: number])[];
  readonly logged?: readonly (readonly [start: number, end: number])[];
}

/** Random runs with pauses between some of them. */
export function randomRuns(seed: number, from: number, to: number): [number, number][] {
  const random = seededRandom(seed);
  const runs: [number, number][] = [];
  for (let t = from + random.exponential(); t < to; t += 2.5 * random.exponential())
    runs.push([t, Math.min(to, t + 0.3 + 2 * random.uniform())]);
  return runs;
}

const tableOf = (runs: SeenWork['runs']): InvocationTable => ({
  functions: ['f'],
  functionIndex: new Uint32Array(runs.length),
  start: Float64Array.from(runs, ([start]) => start),
  end: Float64Array.from(runs, ([, end]) => end),
});

/** A machine that draws so much for each run, as a late and slow sensor shows it. */
export function seenWork(work: SeenWork): { samples: Samples; occupancy: Occupancy } {
  const { seed = 1, response, idleWatts = 50, workWatts = 40, noiseWatts = 0.2, from, to } = work;
  const { intervalSeconds = 1, runs, logged = runs } = work;
  const random = seededRandom(seed);
  const margin = 60;
  const steps: Steps = {
    start: from - margin,
    stepSeconds: 0.125,
    count: Math.ceil((to - from + 2 * margin) / 0.125),
  };
  const rows = Math.floor((to - from) / intervalSeconds);
  const t = Float64Array.from({ length: rows }, (_, i) => from + (i + 1) * intervalSeconds);
  const windows = { starts: t.map((at) => at - intervalSeconds), ends: t };
  const drawn = occupancyOf(tableOf(runs), steps).total.map((running) => idleWatts + workWatts * running);
  const shown = multiply(samplingRows(windows, steps, response), drawn);
  const watts = shown.map((value) => value + noiseWatts * random.normal());
  return { samples: samplesOf(t, watts, intervalSeconds), occupancy: occupancyOf(tableOf(logged), steps) };
}
