import { type Random, seededRandom } from '../../../maths/index.js';
import type { InvocationTable } from '../../../model/index.js';
import { type Occupancy, occupancyOf } from '../../load/occupancy.js';
import type { Steps } from '../../load/steps.js';
import type { Samples } from '../../power/samples.js';
import { type SensorResponse, samplingRows } from '../../sensor/sampling.js';
import type { PowerData } from '../power-data.js';
import type { PowerLaw } from '../power-law.js';
import { sampledWatts, stepLoads, stepWatts } from '../shown-power.js';

export interface LawfulMachine {
  readonly seed: number;
  readonly seconds: number;
  /** Of a nearly empty machine: what one running invocation of each function adds. */
  readonly weights: readonly number[];
  readonly law: PowerLaw;
  readonly response?: SensorResponse;
  /** Errors of the samples; independent and normal, unless something else is asked for. */
  readonly noise?: (random: Random, sample: number) => number;
  /** Invocations of all functions a second, and how long they take on average. */
  readonly rate?: number;
  readonly meanSeconds?: number;
}

export interface Lawful {
  readonly invocations: InvocationTable;
  readonly occupancy: Occupancy;
  readonly samples: Samples;
  readonly response: SensorResponse;
  readonly data: PowerData;
}

const PROMPT: SensorResponse = { delaySeconds: 0, smoothingSeconds: 0 };

/** A machine that follows a law of power to the letter, its invocations at random, with a minute of rest before and after. */
export function lawfulMachine(machine: LawfulMachine): Lawful {
  const { seed, seconds, weights, law, response = PROMPT, rate = 0.8, meanSeconds = 2 } = machine;
  const { noise = () => 0 } = machine;
  const random = seededRandom(seed);
  const invocations = randomInvocations(random.fork('work'), weights.length, seconds, rate, meanSeconds);
  const steps: Steps = { start: -60, stepSeconds: 0.25, count: 4 * (seconds + 120) };
  const occupancy = occupancyOf(invocations, steps);
  const presence = occupancy.total.map((running) => Math.min(1, running));
  const ends = Float64Array.from({ length: seconds + 20 }, (_, i) => i - 9);
  const starts = ends.map((end) => end - 1);
  const sampling = samplingRows({ starts, ends }, steps, response);
  const drawn = stepWatts(law, stepLoads(occupancy.rows, Float64Array.from(weights)), presence);
  const errors = random.fork('sensor');
  const watts = sampledWatts(sampling, drawn).map((value, i) => value + noise(errors, i));
  return {
    invocations,
    occupancy,
    response,
    samples: { starts, ends, watts, intervalSeconds: 1 },
    data: { watts, sampling, loads: occupancy.rows, presence },
  };
}

function randomInvocations(
  random: Random,
  functions: number,
  seconds: number,
  rate: number,
  meanSeconds: number,
): InvocationTable {
  const rows: [f: number, start: number, end: number][] = [];
  for (let t = 0; t < seconds; t += random.exponential() / rate) {
    const end = t + meanSeconds * (0.2 + 0.8 * random.exponential());
    rows.push([random.below(functions), t, Math.min(seconds, end)]);
  }
  return {
    functions: Array.from({ length: functions }, (_, f) => `f${f}`),
    functionIndex: Uint32Array.from(rows, ([f]) => f),
    start: Float64Array.from(rows, ([, start]) => start),
    end: Float64Array.from(rows, ([, , end]) => end),
  };
}
