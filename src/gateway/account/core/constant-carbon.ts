import { chooseIntensity, chooseServer, embodiedGrams } from '../../../footprint/index.js';
import type { Settings } from '../../../model/index.js';
import type { CarbonNow } from './window-input.js';

/** What the settings say of grid, building and machine. */
export function constantCarbon(carbon: Settings['carbon']): CarbonNow {
  const { gramsPerKilowattHour, origin } = chooseIntensity(carbon);
  const server = chooseServer(carbon.embodied);
  return {
    gramsPerKilowattHour,
    origin,
    pue: carbon.pue,
    embodiedGramsPerSecond: server && embodiedGrams(server, 1, carbon.embodied.share),
  };
}
