import { seededRandom } from '../../../maths/index.js';

export interface LoadedMachine {
  readonly seed: number;
  readonly rows: number;
  /** Jobs a second, and how long each takes on average. */
  readonly rate: number;
  readonly jobSeconds: number;
  readonly idleWatts: number;
  /** What all cores at work add. */
  readonly workWatts: number;
  readonly cores: number;
  /** Deviation of the readings, relative. */
  readonly noise: number;
  /** The step in which the sensor gives its readings; 0 for none. */
  readonly step: number;
}

/** Power of a machine whose jobs come at random, by the second: concave in its use, with noise, rounded. */
export function loadedMachine(machine: LoadedMachine): { t: Float64Array; watts: Float64Array } {
  const { rows, rate, jobSeconds, idleWatts, workWatts, cores, noise, step } = machine;
  const random = seededRandom(machine.seed);
  const busy = new Float64Array(rows);
  for (let at = random.exponential() / rate; at < rows; at += random.exponential() / rate) {
    const end = at + jobSeconds * random.exponential();
    for (let row = Math.floor(at); row < Math.min(rows, end); row++)
      busy[row] = (busy[row] ?? 0) + Math.min(end, row + 1) - Math.max(at, row);
  }
  const watts = busy.map((cpuSeconds) => {
    const exact = idleWatts + workWatts * Math.min(1, cpuSeconds / cores) ** 0.75;
    const noisy = exact * (1 + noise * random.normal());
    return step > 0 ? Math.round(noisy / step) * step : noisy;
  });
  return { t: Float64Array.from(watts.keys()), watts };
}
