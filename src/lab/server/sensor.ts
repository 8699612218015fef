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
  /** What fans, heat and neighbours do: an error that wanders, with this standard deviation, and forgets itself in so many seconds. */
  readonly wanderWatts: number;
  readonly wanderSeconds: number;
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
  wanderWatts: 0,
  wanderSeconds: 60,
  quantumWatts: 0,
  dropout: 0,
  stale: 0,
  staleSamples: 0,
  spike: 0,
};

const HIGHEST_SPIKE = 20;

/** An error that wanders about 0: what is left of it after `seconds` is what it forgets in `wanderSeconds`, and chance is added. */
function wanderer({ wanderWatts, wanderSeconds }: Sensor, random: Random, seconds: number): () => number {
  const memory = Math.exp(-seconds / wanderSeconds);
  const fresh = Math.sqrt(1 - memory ** 2);
  let error = random.normal();
  return () => {
    error = memory * error + fresh * random.normal();
    return wanderWatts * error;
  };
}

/** The nearest multiple; of a tenth, a hundredth… it is the decimal that one would write down. */
function multipleOf(quantum: number, figure: number): number {
  const parts = Math.round(1 / quantum);
  const count = Math.round(figure / quantum);
  return Math.abs(parts * quantum - 1) < 1e-9 ? count / parts : count * quantum;
}

/** What a sensor makes of true mean watts, one figure every `seconds`. NaN where a sample is missing. */
export function withFaults(
  watts: Float64Array,
  sensor: Sensor,
  random: Random,
  seconds: number,
): Float64Array {
  // Each fault has chance of its own: to switch one off doesn't move the others.
  const of = (fault: string): Random => random.fork(fault);
  const [noise, spikes, hangs, losses] = [of('noise'), of('spikes'), of('hangs'), of('losses')];
  const wander = wanderer(sensor, of('wander'), seconds);
  const { gain, noiseWatts, noisePart, quantumWatts } = sensor;
  let [shown, held] = [0, 0];
  return watts.map((truth) => {
    const power = truth * gain;
    let figure = power + wander() + noise.normal() * (noiseWatts + noisePart * power);
    const [spike, height] = [spikes.uniform(), spikes.uniform()];
    if (spike < sensor.spike)
      figure = height < 0.5 ? 0 : power * (2 + (2 * height - 1) * (HIGHEST_SPIKE - 2));
    figure = Math.max(0, figure);
    if (quantumWatts > 0) figure = multipleOf(quantumWatts, figure);
    const hang = hangs.uniform();
    const length = Math.ceil(hangs.exponential() * sensor.staleSamples);
    if (held > 0) held--;
    else {
      shown = figure;
      if (hang < sensor.stale) held = length;
    }
    return losses.uniform() < sensor.dropout ? Number.NaN : shown;
  });
}
