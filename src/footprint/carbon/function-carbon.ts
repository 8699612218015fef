import { type EmbodiedServer, embodiedGrams } from './embodied.js';
import { operationalGrams } from './operational.js';
import { softwareCarbonIntensity } from './sci.js';

/** A function's figures that its carbon is made of. */
export interface FunctionEnergy {
  readonly name: string;
  readonly invocations: number;
  readonly meanLatencySeconds: number;
  /** Joules per invocation with every share: individual, control plane and idle. */
  readonly totalJoules: number;
  /** Grams per kWh that its joules met, where the intensity changes; the machine's mean when not given. */
  readonly gramsPerKilowattHour?: number;
  /** Its part of the machine's embodied emissions in the window; an even part among active functions when not given. */
  readonly embodiedShare?: number;
  /** Processors that one running invocation reserves; one when not given. */
  readonly vcpus?: number;
}

export interface CarbonMachine {
  readonly gramsPerKilowattHour: number;
  /** 1 leaves the building out. */
  readonly pue?: number;
  readonly server?: EmbodiedServer;
  /** What part of the server the measured machine is: 1 unless it is a virtual machine. */
  readonly serverShare?: number;
  readonly cores?: number;
}

/** Grams of CO2e per invocation. */
export interface FunctionCarbon {
  readonly name: string;
  readonly operationalGrams: number;
  readonly embodiedGrams?: number;
  /** The footprint: operational and, where known, embodied. */
  readonly carbonGrams: number;
  /** Software Carbon Intensity: as `carbonGrams`, but embodied by what the invocation reserved. */
  readonly sciGrams: number;
}

const RESERVED_VCPUS = 1;

/**
 * Footprint and SCI per invocation of each function that was invoked. The footprints' embodied parts add up to what the
 * machine's making comes to for the window, whatever ran; the SCI counts the reserved part alone.
 */
export function functionCarbon(
  functions: readonly FunctionEnergy[],
  windowSeconds: number,
  machine: CarbonMachine,
): FunctionCarbon[] {
  const { server, serverShare = 1, cores, pue = 1 } = machine;
  const active = functions.filter(({ invocations }) => invocations > 0);
  const window = server && embodiedGrams(server, windowSeconds, serverShare);
  return active.map((work) => {
    const { name, invocations, meanLatencySeconds, totalJoules, vcpus = RESERVED_VCPUS } = work;
    const intensity = work.gramsPerKilowattHour ?? machine.gramsPerKilowattHour;
    const operational = operationalGrams(totalJoules, intensity, pue);
    const embodied =
      window === undefined ? undefined : (window * (work.embodiedShare ?? 1 / active.length)) / invocations;
    const sci = softwareCarbonIntensity({
      joules: totalJoules * invocations,
      pue,
      gramsPerKilowattHour: intensity,
      invocations,
      ...(server &&
        cores !== undefined && {
          embodied: {
            server,
            secondsReserved: meanLatencySeconds * invocations,
            // Of a virtual machine's processors, each is a part of the share of the server that the machine is.
            resourcesReserved: vcpus * serverShare,
            resourcesTotal: cores,
          },
        }),
    });
    // Without the number of processors what is reserved can't be told: the machine is then shared as in the footprint.
    const shared = server && cores === undefined ? (embodied ?? 0) : 0;
    return {
      name,
      operationalGrams: operational,
      ...(embodied !== undefined && { embodiedGrams: embodied }),
      carbonGrams: operational + (embodied ?? 0),
      sciGrams: (sci?.grams ?? 0) + shared,
    };
  });
}
