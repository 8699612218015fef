import {
  chooseIntensity,
  chooseServer,
  type EmbodiedServer,
  embodiedGrams,
  operationalGrams,
  resourceShare,
} from '../../footprint/index.js';
import type { Settings } from '../../model/index.js';

export interface CarbonWork {
  readonly joules: number;
  readonly wallSeconds: number;
  /** Processors that it held meanwhile. */
  readonly cpu: number;
  /** Processors of the machine; without them nobody knows what part of it was held, and its making is left out. */
  readonly coresLogical?: number | undefined;
}

/** Grams of CO2e. */
export interface InvocationCarbon {
  readonly operationalGrams: number;
  /** Absent where the settings say nothing of the server. */
  readonly embodiedGrams?: number;
  readonly grams: number;
}

type CarbonSettings = Settings['carbon'];

interface Rates {
  readonly gramsPerKilowattHour: number;
  readonly server: EmbodiedServer | undefined;
}

/** Tables are looked through once for all invocations of a run. */
const known = new WeakMap<CarbonSettings, Rates>();

function ratesOf(settings: CarbonSettings): Rates {
  const before = known.get(settings);
  if (before !== undefined) return before;
  const rates = {
    gramsPerKilowattHour: chooseIntensity(settings).gramsPerKilowattHour,
    server: chooseServer(settings.embodied),
  };
  known.set(settings, rates);
  return rates;
}

/** What energy emits on the grid of the settings, the building's part included. */
export const carbonOf = (joules: number, settings: CarbonSettings): number =>
  operationalGrams(joules, ratesOf(settings).gramsPerKilowattHour, settings.pue);

/**
 * The carbon of an invocation: what its energy emitted, and, where the settings know the server, the part of its making that
 * goes with the processors that the invocation held, for as long as it held them.
 */
export function invocationCarbon(
  { joules, wallSeconds, cpu, coresLogical }: CarbonWork,
  settings: CarbonSettings,
): InvocationCarbon {
  const operational = carbonOf(joules, settings);
  const { server } = ratesOf(settings);
  if (server === undefined || coresLogical === undefined || !(coresLogical > 0))
    return { operationalGrams: operational, grams: operational };
  const share = resourceShare(cpu, coresLogical) * settings.embodied.share;
  const embodied = embodiedGrams(server, wallSeconds, share);
  return { operationalGrams: operational, embodiedGrams: embodied, grams: operational + embodied };
}

export const invocationCarbonGrams = (work: CarbonWork, settings: CarbonSettings): number =>
  invocationCarbon(work, settings).grams;
