import { readFileSync } from 'node:fs';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../../base/index.js';
import {
  chooseIntensity,
  chooseServer,
  embodiedGrams,
  type IntensitySeries,
  parseIntensitySeries,
} from '../../../footprint/index.js';
import { openGrid } from '../../../meter/index.js';
import type { Settings } from '../../../model/index.js';
import type { CarbonNow } from './carbon-now.js';
import { GridWatch } from './grid-watch.js';

export interface CarbonSource {
  now(): CarbonNow;
  close(): void;
}

interface Intensity {
  readonly gramsPerKilowattHour: number;
  readonly origin: string;
}

/** What the grid emits by a service that is asked, else by a series of the settings, else by a constant of them. */
export function openCarbon(host: Host, carbon: Settings['carbon'], ask: typeof fetch = fetch): CarbonSource {
  const constant = chooseIntensity(carbon);
  const server = chooseServer(carbon.embodied);
  const embodiedGramsPerSecond = server && embodiedGrams(server, 1, carbon.embodied.share);
  const series = seriesOf(carbon.series_file);
  const client = openGrid(carbon, { clock: host.clock, fetch: ask });
  const watch = client && new GridWatch(client, host.clock, host.log);

  const intensity = (): Intensity => {
    const latest = watch?.latest;
    if (latest) {
      const { gramsPerKilowattHour, zone, signal, method } = latest;
      return { gramsPerKilowattHour, origin: `${signal} of ${zone} (${method})` };
    }
    const planned = series?.at(host.clock.wall());
    if (planned !== undefined)
      return { gramsPerKilowattHour: planned, origin: `carbon.series_file ${carbon.series_file}` };
    const why = watch ? `; ${watch.failure ?? `${client?.name} has not answered yet`}` : '';
    const beyond = series ? '; carbon.series_file says nothing of now' : '';
    return { ...constant, origin: `${constant.origin}${why}${beyond}` };
  };
  return {
    now: () => ({ ...intensity(), pue: carbon.pue, embodiedGramsPerSecond }),
    close: () => watch?.close(),
  };
}

/** Times are dates: seconds of a trace mean nothing here. */
function seriesOf(file: string | undefined): IntensitySeries | undefined {
  if (file === undefined) return undefined;
  try {
    return parseIntensitySeries(readFileSync(file, 'utf8'), { file });
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    throw new WattloopError(ErrorCode.badConfiguration, `carbon.series_file: ${messageOf(error)}`, {
      remedy: 'Name a CSV file with the columns datetime and g_per_kwh',
      cause: error,
    });
  }
}
