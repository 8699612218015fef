import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Domain, EnergyReading } from '../../model/index.js';
import type { Availability } from '../source.js';
import { groupPowers, type RailGroup } from './rails.js';

export const TITLE = "NVIDIA Jetson's power rails (INA3221)";
/** Assumed for shunt, amplifier and the slip between voltage and current: NVIDIA states none for whole boards. */
export const UNCERTAINTY = 0.05;

export const domainsOf = (groups: readonly RailGroup[]): Domain[] => groups.map(({ domain }) => domain);

export function toReadings(
  groups: readonly RailGroup[],
  at: number,
  watts: (rail: string) => number | undefined,
): EnergyReading[] {
  return groupPowers(groups, watts).map(({ group, watts: power }) => ({
    kind: 'power',
    domain: group.domain,
    device: group.device,
    at,
    watts: power,
  }));
}

export function refused(why: Availability): WattloopError {
  const [reason, remedy] = why.usable ? ['no rail answers', undefined] : [why.reason, why.remedy];
  return new WattloopError(
    ErrorCode.sourceUnavailable,
    `tegra: ${reason}`,
    remedy === undefined ? {} : { remedy },
  );
}
