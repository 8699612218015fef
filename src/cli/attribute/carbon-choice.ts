import { ErrorCode, WattloopError } from '../../base/index.js';
import {
  type AttributeOptions,
  chooseIntensity,
  chooseServer,
  type EmbodiedServer,
  type Finding,
} from '../../footprint/index.js';
import type { Settings, TraceDescription } from '../../model/index.js';
import { intensitySeries } from './intensity-series.js';

/** What the command line says of carbon. */
export interface CarbonFlags {
  readonly carbonIntensity?: number;
  readonly carbonSeries?: string;
  readonly started?: string;
  readonly region?: string;
  readonly pue?: number;
  readonly server?: string;
  readonly embodied?: number;
  readonly lifetime?: number;
}

export interface CarbonChoice {
  /** Without what the trace itself says. */
  readonly options: Pick<AttributeOptions, 'gramsPerKilowattHour' | 'intensity' | 'pue' | 'server'>;
  /** Where the grid's intensity comes from, for people; absent where it is the trace's own. */
  readonly intensityOrigin?: string;
  readonly findings: readonly Finding[];
}

/** A name that no table has is a mistake on the command line, not a thing that got lost. */
function asUsage<T>(flag: string, choose: () => T): T {
  try {
    return choose();
  } catch (error) {
    if (!(error instanceof WattloopError)) throw error;
    const message = `${flag}: ${error.message}`;
    throw new WattloopError(ErrorCode.badUsage, message, { remedy: error.remedy, cause: error });
  }
}

/** The command line outweighs the trace, and the trace, which knows its machine, the settings. */
function intensityOf(flags: CarbonFlags, settings: Settings['carbon'], trace: TraceDescription) {
  const { carbonIntensity, region } = flags;
  if (carbonIntensity !== undefined) return chooseIntensity({ intensity_g_per_kwh: carbonIntensity });
  if (region !== undefined) return asUsage('--region', () => chooseIntensity({ region }));
  return trace.carbonGramsPerKilowattHour === undefined ? chooseIntensity(settings) : undefined;
}

const INCOMPLETE: Finding = {
  code: 'embodied-incomplete',
  message:
    'trace.json says only one of embodied_kg and lifetime_years: without the other the making of the machine is left out',
};

function serverOf(
  flags: CarbonFlags,
  { embodied: settings }: Settings['carbon'],
  trace: TraceDescription,
): EmbodiedServer | Finding | undefined {
  const { server, embodied, lifetime } = flags;
  if (server !== undefined)
    return asUsage('--server', () => chooseServer({ server, kilograms: embodied, lifetime_years: lifetime }));
  const known = {
    server: settings.server,
    kilograms: embodied ?? trace.embodiedKilograms ?? settings.kilograms,
    lifetime_years: lifetime ?? trace.lifetimeYears ?? settings.lifetime_years,
  };
  const isWhole = known.kilograms !== undefined && known.lifetime_years !== undefined;
  if (isWhole || known.server !== undefined) return chooseServer(known);
  if (embodied !== undefined || lifetime !== undefined) {
    const [given, absent] =
      embodied === undefined ? ['--lifetime', '--embodied'] : ['--embodied', '--lifetime'];
    throw new WattloopError(ErrorCode.badUsage, `${given} is given without ${absent}`, {
      remedy: 'Give both, or --server with a machine of the table',
    });
  }
  if (trace.embodiedKilograms !== undefined || trace.lifetimeYears !== undefined) return INCOMPLETE;
  return chooseServer(known);
}

/** The grid and the making of the machine that an account of this trace counts with. */
export function carbonChoice(
  flags: CarbonFlags,
  settings: Settings['carbon'],
  trace: TraceDescription,
): CarbonChoice {
  const intensity = intensityOf(flags, settings, trace);
  const server = serverOf(flags, settings, trace);
  const isHalf = server !== undefined && 'code' in server;
  // What the command line says for all time outweighs a file of the settings.
  const constant = flags.carbonIntensity !== undefined || flags.region !== undefined;
  const file = flags.carbonSeries ?? (constant ? undefined : settings.series_file);
  return {
    options: {
      pue: flags.pue ?? settings.pue,
      ...(intensity && { gramsPerKilowattHour: intensity.gramsPerKilowattHour }),
      ...(file !== undefined && { intensity: intensitySeries(file, flags.started) }),
      // Of a virtual machine's server only a part is its own.
      ...(server &&
        !isHalf && { server: { ...server, kilograms: server.kilograms * settings.embodied.share } }),
    },
    ...(intensity && file === undefined && { intensityOrigin: intensity.origin }),
    findings: isHalf ? [server] : [],
  };
}
