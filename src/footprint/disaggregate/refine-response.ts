import { responsesAround } from '../power/lag.js';
import { meanLag, type SensorResponse } from '../sensor/sampling.js';
import { loadsFor, reducedProblem, USUAL_CANDIDATE } from './candidate.js';
import { fitPower } from './fit-power.js';
import type { Observation, Sighting } from './observation.js';
import type { PowerFit } from './power-data.js';
import { sampledWatts, stepLoads, stepWatts } from './shown-power.js';
import { sight } from './sight.js';

/** The response is looked for in turns with the law. */
const ROUNDS = 2;
/** So many samples tell it, in stretches spread over the record. */
const SAMPLES = 1000;
const STRETCHES = 12;

/** The response around a first guess of the lag with which the work explains the power best. */
export function refineResponse(observation: Observation, lagSeconds: number): SensorResponse {
  const wanted = someSamples(observation.samples.watts.length);
  const loads = loadsFor(observation, USUAL_CANDIDATE);
  let response: SensorResponse = { delaySeconds: lagSeconds, smoothingSeconds: 0 };
  let fit: PowerFit | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const { data, options } = reducedProblem(observation, sight(observation, response, wanted), loads);
    const settled: PowerFit = fitPower(data, { ...options, errors: false, ...(fit && { start: fit }) });
    fit = settled;
    // Only the response changes from here on: what the steps draw stays.
    const steps = stepWatts(settled.law, stepLoads(data.loads, settled.weights), data.presence);
    const tried = responsesAround(meanLag(response), observation.samples.intervalSeconds);
    const errors = tried.map((candidate) => meanSquare(sight(observation, candidate, wanted), steps));
    response = tried[errors.indexOf(Math.min(...errors))] ?? response;
  }
  return response;
}

function someSamples(count: number): Uint8Array {
  const wanted = new Uint8Array(count).fill(1);
  if (count <= SAMPLES) return wanted;
  const stretch = count / STRETCHES;
  return wanted.map((_, i) => ((i % stretch) / stretch < SAMPLES / count ? 1 : 0));
}

function meanSquare({ watts, sampling }: Sighting, steps: Float64Array): number {
  const shown = sampledWatts(sampling, steps);
  let [square, count] = [0, 0];
  for (const [i, value] of shown.entries()) {
    const residual = (watts[i] ?? Number.NaN) - value;
    if (!Number.isFinite(residual)) continue;
    square += residual * residual;
    count++;
  }
  return count > 0 ? square / count : Number.POSITIVE_INFINITY;
}
