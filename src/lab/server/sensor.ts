import type { Random } from '../../maths/index.js';

/** How a power sensor differs from the truth. */
export interface Sensor {
  /** Positive: what it shows comes late. Below 0: its clock is ahead. */
  readonly lagSeconds: number;
  /** Time constant of a first-order filter before it; 0: none. */
  readonly smoothingSeconds: number;
  /** Every figure is multiplied by it. */
  readonly gain: number;
  /** Standard deviation of noise: in watts, and as a part of the power. */
  readonly noiseWatts: number;
  readonly noisePart: number;
  /** Figures are multiples of it; 0: any. */
  readonly quantumWatts: number;
  /** Chance that a sample is missing. */
  readonly dropout: number;
  /** Chance that the sensor hangs at a sample, and how many samples it shows the same figure then, on average. */
  readonly stale: number;
  readonly staleSamples: number;
  /** Chance that a sample is a wild one: several times too high, or 0. */
  readonly spike: number;
}

export const IDEAL_SENSOR: Sensor = {
  lagSeconds: 0,
  smoothingSeconds: 0,
  gain: 1,
  noiseWatts: 0,
  noisePart: 0,
  quantumWatts: 0,
  dropout: 0,
  stale: 0,
  staleSamples: 0,
  spike: 0,
};

const HIGHEST_SPIKE = 20;

/** What a sensor makes of true mean watts, sample by sample. NaN where a sample is missing. */
export function withFaults(watts: Float64Array, sensor: Sensor, random: Random): Float64Array {
  // Each fault has chance of its own: to switch one off doesn't move the others.
  const of = (fault: string): Random => random.fork(fault);
  const [noise, spikes, hangs, losses] = [of('noise'), of('spikes'), of('hangs'), of('losses')];
  let [shown, held] = [0, 0];
  return watts.map((truth) => {
    const power = truth * sensor.gain;
    let figure = power + noise.normal() * (sensor.noiseWatts + sensor.noisePart * power);
    const spike = spikes.uniform();
    if (spike < sensor.spike)
      figure = spike < sensor.spike / 2 ? 0 : power * (2 + spikes.uniform() * (HIGHEST_SPIKE - 2));
    figure = Math.max(0, figure);
    if (sensor.quantumWatts > 0) figure = Math.round(figure / sensor.quantumWatts) * sensor.quantumWatts;
    if (held > 0) held--;
    else {
      shown = figure;
      if (hangs.uniform() < sensor.stale) held = 1 + Math.floor(hangs.exponential() * sensor.staleSamples);
    }
    return losses.uniform() < sensor.dropout ? Number.NaN : shown;
  });
}
