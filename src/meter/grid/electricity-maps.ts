import { z } from 'zod';
import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';
import { AnswerCache } from './answer-cache.js';
import { ask, type Fetch, type ServiceAnswer } from './ask.js';
import type { GridClient, GridHistory, GridIntensity } from './grid-intensity.js';

export interface ElectricityMapsOptions {
  readonly token: string;
  /** As `DE` or `US-CAL-CISO`. */
  readonly zone: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly url?: string;
  readonly timeoutSeconds?: number;
}

export const ELECTRICITY_MAPS_URL = 'https://api.electricitymaps.com/v3';

const NAME = 'Electricity Maps';
const HOUR = 3600;
const GRANULARITY_SECONDS: Readonly<Record<string, number>> = {
  '5_minutes': 300,
  '15_minutes': 900,
  hourly: HOUR,
};
/** `history` holds this much; what lies before is asked for by range, of which ten days are given at once. */
const HISTORY_SECONDS = 24 * HOUR;
const RANGE_SECONDS = 10 * 24 * HOUR;

const pointSchema = z.object({
  carbonIntensity: z.number().nonnegative().nullish(),
  datetime: z.string(),
  isEstimated: z.boolean().nullish(),
  estimationMethod: z.string().nullish(),
  emissionFactorType: z.string().nullish(),
  temporalGranularity: z.string().nullish(),
});
type Point = z.output<typeof pointSchema>;

const latestSchema = pointSchema.extend({ zone: z.string() });
const historySchema = z.object({
  zone: z.string(),
  temporalGranularity: z.string().nullish(),
  // The range has them under another name than the last day.
  history: z.array(pointSchema).optional(),
  data: z.array(pointSchema).optional(),
});

const secondsOf = (point: Point): number => Date.parse(point.datetime) / 1e3;
const holdsFor = (granularity: string | null | undefined): number =>
  GRANULARITY_SECONDS[granularity ?? ''] ?? HOUR;

function methodOf({ emissionFactorType, estimationMethod, isEstimated }: Point): string {
  const estimated = isEstimated === true ? `, estimated (${estimationMethod ?? 'method not told'})` : '';
  return `${NAME}, flow-traced, ${emissionFactorType ?? 'lifecycle'} emissions${estimated}`;
}

/** The mean carbon intensity of what a grid delivers, imports included, from Electricity Maps' API, version 3. */
export class ElectricityMaps implements GridClient {
  readonly name = NAME;
  readonly #options: ElectricityMapsOptions;
  readonly #latest: AnswerCache<GridIntensity>;
  readonly #history: AnswerCache<GridHistory>;

  constructor(options: ElectricityMapsOptions) {
    this.#options = options;
    this.#latest = new AnswerCache(options.clock, ({ until }) => until);
    this.#history = new AnswerCache(
      options.clock,
      ({ t, lastHoldsSeconds }) => (t.at(-1) ?? 0) + lastHoldsSeconds,
    );
  }

  latest(): Promise<GridIntensity> {
    return this.#latest.get('', async () => {
      const body = await this.#get('carbon-intensity/latest', {});
      const point = latestSchema.safeParse(body).data;
      const from = point ? secondsOf(point) : Number.NaN;
      if (!point || Number.isNaN(from)) throw this.#strange();
      if (typeof point.carbonIntensity !== 'number') throw this.#noData();
      return {
        zone: point.zone,
        signal: 'average',
        provenance: point.isEstimated === true ? 'estimated' : 'modelled',
        method: methodOf(point),
        gramsPerKilowattHour: point.carbonIntensity,
        from,
        until: from + holdsFor(point.temporalGranularity),
      };
    });
  }

  history(from: number, to: number): Promise<GridHistory> {
    return this.#history.get(`${from} ${to}`, async () => {
      const points = new Map<number, Point>();
      let holds = HOUR;
      let zone = this.#options.zone;
      for (const [path, range] of this.#requests(from, to)) {
        const answer = historySchema.safeParse(await this.#get(path, range)).data;
        const list = answer?.history ?? answer?.data;
        if (!answer || !list) throw this.#strange();
        zone = answer.zone;
        holds = holdsFor(answer.temporalGranularity ?? list[0]?.temporalGranularity);
        for (const point of list) points.set(secondsOf(point), point);
      }
      const inside = [...points].filter(([at]) => at + holds > from && at < to).sort(([a], [b]) => a - b);
      const [first] = inside;
      if (!first) throw this.#noData();
      const estimated = inside.find(([, { isEstimated }]) => isEstimated === true);
      return {
        zone,
        signal: 'average',
        provenance: estimated ? 'estimated' : 'modelled',
        method: methodOf((estimated ?? first)[1]),
        t: Float64Array.from(inside, ([at]) => at),
        gramsPerKilowattHour: Float64Array.from(inside, ([, point]) => point.carbonIntensity ?? Number.NaN),
        lastHoldsSeconds: holds,
      };
    });
  }

  /** The last day in one request that every plan has; what lies before in as many as it takes. */
  #requests(from: number, to: number): [path: string, query: Record<string, string>][] {
    if (!(from < to)) {
      throw new WattloopError(ErrorCode.badInput, `${NAME}: a history from ${from} to ${to}`, {
        remedy: 'It begins before it ends',
      });
    }
    if (from >= this.#options.clock.wall() - HISTORY_SECONDS) return [['carbon-intensity/history', {}]];
    const requests: [string, Record<string, string>][] = [];
    for (let start = Math.floor(from / HOUR) * HOUR; start < to; start += RANGE_SECONDS) {
      const iso = (seconds: number): string => new Date(seconds * 1e3).toISOString();
      const end = Math.min(to, start + RANGE_SECONDS);
      requests.push(['carbon-intensity/past-range', { start: iso(start), end: iso(end) }]);
    }
    return requests;
  }

  async #get(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const { token, zone, fetch, clock, url = ELECTRICITY_MAPS_URL, timeoutSeconds = 10 } = this.#options;
    const target = new URL(`${url.replace(/\/$/, '')}/${path}`);
    for (const [key, value] of Object.entries({ zone, ...query })) target.searchParams.set(key, value);
    const options = { fetch, clock, timeoutSeconds, who: NAME, secrets: [token] };
    const answer = await ask(target, { 'auth-token': token }, options);
    if (answer.status === 200) {
      // A zone without data is told with status 200.
      const status = z.object({ status: z.string() }).safeParse(answer.body).data?.status;
      if (status === 'no-data') throw this.#noData();
      return answer.body;
    }
    throw this.#refusal(answer);
  }

  #refusal({ status, detail }: ServiceAnswer): WattloopError {
    const { zone } = this.#options;
    const said = detail === '' ? `status ${status}` : `status ${status}: ${detail}`;
    if (status === 401 || status === 403) {
      // A token of the free plan is for one zone, and is refused as if it were wrong for any other.
      return new WattloopError(
        ErrorCode.permissionDenied,
        `${NAME} refused the token for the zone ${zone} (${said})`,
        {
          remedy:
            'Check carbon.electricity_maps.token, and that it is for carbon.electricity_maps.zone: https://portal.electricitymaps.com shows both',
        },
      );
    }
    if (status === 400 || status === 404) {
      return new WattloopError(ErrorCode.notFound, `${NAME} knows no zone ${zone} (${said})`, {
        remedy:
          'Set carbon.electricity_maps.zone to one such as DE, FR or US-CAL-CISO: https://app.electricitymaps.com shows them',
      });
    }
    return new WattloopError(ErrorCode.sourceFailed, `${NAME}: ${said}`, {
      remedy: 'Check carbon.electricity_maps.url',
    });
  }

  #noData(): WattloopError {
    return new WattloopError(
      ErrorCode.sourceUnavailable,
      `${NAME} has no carbon intensity of the zone ${this.#options.zone} for that time`,
      { remedy: 'Try later, or set carbon.region or carbon.intensity_g_per_kwh instead' },
    );
  }

  #strange(): WattloopError {
    return new WattloopError(ErrorCode.sourceFailed, `${NAME}: the answer is not what its API promises`, {
      remedy: 'Check that carbon.electricity_maps.url is the address of its API, version 3',
    });
  }
}
