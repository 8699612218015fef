import type { PowerData } from './power-data.js';
import { sampledWatts, stepLoads } from './shown-power.js';

/** Watts per load that make the mean power right if all loads were alike; 0 where there is none. */
export function meanWattsPerLoad(
  { watts, sampling, loads }: Pick<PowerData, 'watts' | 'sampling' | 'loads'>,
  idleWatts: number,
): number {
  const shown = sampledWatts(sampling, stepLoads(loads, new Float64Array(loads.width).fill(1)));
  let [above, load] = [0, 0];
  for (const [i, value] of shown.entries()) {
    if (!Number.isFinite(value) || !Number.isFinite(watts[i])) continue;
    above += (watts[i] ?? 0) - idleWatts;
    load += value;
  }
  return load > 0 ? Math.max(0, above / load) : 0;
}
