import { readFileSync } from 'node:fs';
import { type Clock, ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Fetch } from './ask.js';
import { ElectricityMaps } from './electricity-maps.js';
import type { GridClient } from './grid-intensity.js';
import { WattTime } from './watttime.js';

function missing(setting: string, because: string): WattloopError {
  return new WattloopError(ErrorCode.badConfiguration, `${setting} is not set, though ${because} is`, {
    remedy: `Set ${setting}, or neither of them`,
  });
}

/** A secret from its setting, or from the first line of the file that holds it. */
function secretOf(value: string | undefined, file: string | undefined, setting: string): string | undefined {
  if (file === undefined) return value;
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '';
  } catch (error) {
    throw new WattloopError(ErrorCode.badConfiguration, `${setting}_file: ${messageOf(error)}`, {
      remedy: 'Name a readable file that holds it in its first line',
      cause: error,
    });
  }
}

/**
 * The service that knows the grid's carbon intensity, if the settings name one. Of two, Electricity Maps: its average is
 * what an account of emissions is made with; WattTime's marginal rate tells what a change would do.
 */
export function openGrid(
  settings: Pick<Settings['carbon'], 'electricity_maps' | 'watttime'>,
  world: { readonly clock: Clock; readonly fetch: Fetch },
): GridClient | undefined {
  const { electricity_maps: maps, watttime } = settings;
  const token = secretOf(maps.token, maps.token_file, 'carbon.electricity_maps.token');
  if (token !== undefined) {
    if (maps.zone === undefined) throw missing('carbon.electricity_maps.zone', 'its token');
    return new ElectricityMaps({
      ...world,
      token,
      zone: maps.zone,
      url: maps.url,
      timeoutSeconds: maps.timeout_seconds,
    });
  }
  if (maps.zone !== undefined) throw missing('carbon.electricity_maps.token', 'its zone');
  if (watttime.user === undefined) return undefined;
  const password = secretOf(watttime.password, watttime.password_file, 'carbon.watttime.password');
  if (password === undefined) throw missing('carbon.watttime.password', 'its user');
  if (watttime.region === undefined) throw missing('carbon.watttime.region', 'its user');
  return new WattTime({
    ...world,
    user: watttime.user,
    password,
    region: watttime.region,
    url: watttime.url,
    timeoutSeconds: watttime.timeout_seconds,
  });
}
