import type { Trace } from '../model/index.js';
import { chooseIntensity } from './carbon/choose-intensity.js';
import { type EmbodiedServer, embodiedGrams } from './carbon/embodied.js';
import type { CarbonMachine } from './carbon/function-carbon.js';
import type { AttributeOptions } from './options.js';

export interface AccountCarbon {
  readonly machine: CarbonMachine;
  /** Where the intensity is from, for people. */
  readonly origin: string;
  /** Of the machine in the window; absent where its making isn't known. */
  readonly embodiedGrams?: number;
}

/** The emissions in force: what is given, else what the trace says of its machine, else the world's mean. */
export function carbonOf(
  { description }: Trace,
  options: AttributeOptions,
  windowSeconds: number,
): AccountCarbon {
  const own = options.gramsPerKilowattHour ?? description.carbonGramsPerKilowattHour;
  const chosen = chooseIntensity({ intensity_g_per_kwh: own });
  const constant =
    options.gramsPerKilowattHour === undefined && own !== undefined ? 'as the trace says' : chosen.origin;
  const origin = options.intensity ? `over time as given; where that says nothing ${constant}` : constant;
  const server = options.server ?? serverOf(description);
  return {
    origin,
    machine: {
      gramsPerKilowattHour: chosen.gramsPerKilowattHour,
      ...(options.pue !== undefined && { pue: options.pue }),
      ...(server && { server }),
      ...(description.cores !== undefined && { cores: description.cores }),
    },
    ...(server && { embodiedGrams: embodiedGrams(server, windowSeconds) }),
  };
}

function serverOf({ embodiedKilograms, lifetimeYears }: Trace['description']): EmbodiedServer | undefined {
  if (embodiedKilograms === undefined || lifetimeYears === undefined) return undefined;
  return { kilograms: embodiedKilograms, lifetimeYears };
}
