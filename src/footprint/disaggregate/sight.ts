import { multiply } from '../../maths/index.js';
import { meanLag, type SensorResponse, samplingRows } from '../sensor/sampling.js';
import type { Observation, Sighting } from './observation.js';

/** The samples as a sensor with this response sees the work: those after the record of work ended are not to be fitted. */
export function sight(observation: Observation, response: SensorResponse, wanted?: Uint8Array): Sighting {
  const { samples, occupancy, until, accelerator } = observation;
  const sampling = samplingRows(samples, occupancy.steps, response, wanted);
  const late = meanLag(response);
  const watts = samples.watts.map((value, i) =>
    (samples.ends[i] ?? 0) - late <= until && wanted?.[i] !== 0 ? value : Number.NaN,
  );
  if (accelerator === undefined) return { response, sampling, watts };
  const acceleratorWatts = multiply(sampling, accelerator.dynamicWatts);
  return {
    response,
    sampling,
    watts: watts.map((value, i) => value - (acceleratorWatts[i] ?? 0)),
    acceleratorWatts,
  };
}
