import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { EmbodiedServer } from './embodied.js';
import { serverById } from './servers.js';

/** What settings may say of the making of the machine. */
export interface EmbodiedSettings {
  readonly server?: string | undefined;
  readonly kilograms?: number | undefined;
  readonly lifetime_years?: number | undefined;
}

/** The server in force: the table's row, with what is given instead of its figures; undefined where nothing is said. */
export function chooseServer(settings: EmbodiedSettings): EmbodiedServer | undefined {
  const { server, kilograms, lifetime_years: years } = settings;
  if (server === undefined && kilograms === undefined && years === undefined) return undefined;
  const row = server === undefined ? undefined : serverById(server);
  const [mass, lifetimeYears] = [kilograms ?? row?.kilograms, years ?? row?.lifetimeYears];
  if (mass !== undefined && lifetimeYears !== undefined) return { kilograms: mass, lifetimeYears };
  const absent = mass === undefined ? 'kilograms' : 'lifetime_years';
  throw new WattloopError(ErrorCode.badConfiguration, `carbon.embodied.${absent} is not set`, {
    remedy: 'Set both kilograms and lifetime_years, or carbon.embodied.server',
  });
}
