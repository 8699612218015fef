import { ErrorCode, WattloopError } from '../../errors/index.js';
import { type EmbodiedServer, embodiedGrams, resourceShare } from './embodied.js';
import { operationalGrams } from './operational.js';

/**
 * What the Software Carbon Intensity (ISO/IEC 21031:2024) of a function is made of:
 *
 *     SCI = ((E × I) + M) per R,   M = TE × (time reserved / expected lifespan) × (resources reserved / total resources)
 *
 * R is one invocation. The standard wants everything in E that works for the software, what is reserved and what supports
 * it included: E is therefore the function's own energy with its shares of control plane and idle, times PUE. I is the
 * location-based intensity of the grid, average or marginal; certificates and offsets are excluded. M is what the function
 * *reserves*: an invocation holds its processors while it runs. What nobody reserves belongs to nobody here, unlike in the
 * footprint, which gives all of the machine's embodied emissions to the functions that were active.
 */
export interface SciTerms {
  /** E before PUE: joules that the machine drew for the function in the window, its shares included. */
  readonly joules: number;
  /** What the building draws per joule of the machine; stated, so that it is never in or out by accident. */
  readonly pue: number;
  /** I. With an intensity that changes, the mean that the function's own joules met. */
  readonly gramsPerKilowattHour: number;
  /** R: invocations in the window. */
  readonly invocations: number;
  /** M's terms; without them M is not known and is left out. */
  readonly embodied?: {
    readonly server: EmbodiedServer;
    /** Seconds for which the function held its resources in the window: of all its invocations. */
    readonly secondsReserved: number;
    readonly resourcesReserved: number;
    readonly resourcesTotal: number;
  };
}

/** Grams of CO2e per invocation. */
export interface Sci {
  readonly operationalGrams: number;
  /** Absent where the server's making isn't known: then `grams` is of operation alone. */
  readonly embodiedGrams?: number;
  readonly grams: number;
}

/** The SCI per invocation; undefined for a function that was never invoked, as a rate per nothing is none. */
export function softwareCarbonIntensity(terms: SciTerms): Sci | undefined {
  const { joules, pue, gramsPerKilowattHour, invocations, embodied } = terms;
  if (invocations === 0) return undefined;
  const operational = operationalGrams(joules, gramsPerKilowattHour, pue) / invocations;
  if (!embodied) return { operationalGrams: operational, grams: operational };
  const { server, secondsReserved, resourcesReserved, resourcesTotal } = embodied;
  if (!(resourcesTotal > 0)) {
    throw new WattloopError(ErrorCode.badInput, `a server of ${resourcesTotal} processors`, {
      remedy: 'Give how many it has, so that it can be told what part of it is reserved',
    });
  }
  const share = resourceShare(resourcesReserved, resourcesTotal);
  const made = embodiedGrams(server, secondsReserved, share) / invocations;
  return { operationalGrams: operational, embodiedGrams: made, grams: operational + made };
}
