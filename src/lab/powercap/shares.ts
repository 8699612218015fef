import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Zone } from './zones.js';

/** How the other zones' energies follow from the packages'. */
export interface Shares {
  /** Parts of a package's energy that its cores and its graphics take; together not more than 1. */
  readonly core: number;
  readonly uncore: number;
  /** Memory's energy over its package's; it is not part of the package. */
  readonly dram: number;
  /** Watts of the rest of the platform, which psys alone counts. */
  readonly platformWatts: number;
}

export const DEFAULT_SHARES: Shares = { core: 0.7, uncore: 0.05, dram: 0.12, platformWatts: 8 };

export function checkedShares(shares: Shares): Shares {
  const { core, uncore, dram, platformWatts } = shares;
  if ([core, uncore, dram, platformWatts].every((share) => share >= 0) && core + uncore <= 1) return shares;
  throw new WattloopError(
    ErrorCode.badUsage,
    `shares of ${core} for cores and ${uncore} for uncore are not parts of a package`,
    { remedy: 'They must lie between 0 and 1 and be no more than 1 together' },
  );
}

/** What a zone took while its packages took `packages` (joules, by socket) in `seconds`. */
export function zoneJoules(zone: Zone, packages: readonly number[], seconds: number, shares: Shares): number {
  if (zone.domain === 'psys') {
    const all = packages.reduce((sum, joules) => sum + joules, 0);
    return all * (1 + shares.dram) + shares.platformWatts * seconds;
  }
  const own = packages[zone.socket ?? 0] ?? 0;
  if (zone.domain === 'core') return own * shares.core;
  if (zone.domain === 'uncore') return own * shares.uncore;
  return zone.domain === 'dram' ? own * shares.dram : own;
}
