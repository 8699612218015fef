import { z } from 'zod';
import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';
import { AnswerCache } from './answer-cache.js';
import { type AskOptions, ask, type Fetch, type ServiceAnswer } from './ask.js';
import type { GridClient, GridHistory, GridIntensity } from './grid-intensity.js';
import { WattTimeLogin } from './watttime-login.js';

export interface WattTimeOptions {
  readonly user: string;
  readonly password: string;
  /** As `CAISO_NORTH`. */
  readonly region: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly url?: string;
  readonly timeoutSeconds?: number;
}

export const WATTTIME_URL = 'https://api.watttime.org';

const NAME = 'WattTime';
const SIGNAL = 'co2_moer';
const UNITS = 'lbs_co2_per_mwh';
/** A pound is 453.59237 g, a MWh is 1,000 kWh. */
const GRAMS_PER_KWH_OF_POUNDS_PER_MWH = 0.45359237;
const PERIOD_SECONDS = 300;
/** The most that is given at once. */
const RANGE_SECONDS = 32 * 24 * 3600;

const answerSchema = z.object({
  data: z.array(
    z.object({
      point_time: z.string(),
      value: z.number().nullish(),
      imputed_data_used: z.boolean().nullish(),
    }),
  ),
  meta: z.object({
    region: z.string(),
    units: z.string(),
    data_point_period_seconds: z.number().positive().nullish(),
    model: z.object({ date: z.string() }).nullish(),
  }),
});
type Answer = z.output<typeof answerSchema>;

const secondsOf = ({ point_time: time }: Answer['data'][number]): number => Date.parse(time) / 1e3;

const methodOf = ({ model }: Answer['meta']): string =>
  `${NAME}, marginal operating emissions rate${model ? `, model of ${model.date}` : ''}`;

/**
 * What the plants emit that answer to one kWh more, from WattTime's API, version 3. The figure in force is the first of its
 * forecast: its `signal-index` is a percentile, not an amount.
 */
export class WattTime implements GridClient {
  readonly name = NAME;
  readonly #options: WattTimeOptions;
  readonly #base: string;
  readonly #login: WattTimeLogin;
  readonly #latest: AnswerCache<GridIntensity>;
  readonly #history: AnswerCache<GridHistory>;

  constructor(options: WattTimeOptions) {
    const { user, password, url = WATTTIME_URL, clock } = options;
    this.#options = options;
    this.#base = url.replace(/\/$/, '');
    this.#login = new WattTimeLogin(new URL(`${this.#base}/login`), { user, password }, this.#ask([]));
    this.#latest = new AnswerCache(clock, ({ until }) => until);
    this.#history = new AnswerCache(clock, ({ t, lastHoldsSeconds }) => (t.at(-1) ?? 0) + lastHoldsSeconds);
  }

  latest(): Promise<GridIntensity> {
    return this.#latest.get('', async () => {
      const { data, meta } = await this.#get('forecast', { horizon_hours: '0' });
      const point = data.find(({ value }) => typeof value === 'number');
      if (!point || typeof point.value !== 'number') throw this.#noData();
      const from = secondsOf(point);
      return {
        zone: meta.region,
        signal: 'marginal',
        provenance: 'modelled',
        method: methodOf(meta),
        gramsPerKilowattHour: point.value * GRAMS_PER_KWH_OF_POUNDS_PER_MWH,
        from,
        until: from + (meta.data_point_period_seconds ?? PERIOD_SECONDS),
      };
    });
  }

  async history(from: number, to: number): Promise<GridHistory> {
    if (!(from < to)) {
      throw new WattloopError(ErrorCode.badInput, `${NAME}: a history from ${from} to ${to}`, {
        remedy: 'It begins before it ends',
      });
    }
    return this.#history.get(`${from} ${to}`, async () => {
      const points = new Map<number, Answer['data'][number]>();
      let meta: Answer['meta'] | undefined;
      for (let start = from; start < to; start += RANGE_SECONDS) {
        const iso = (seconds: number): string => new Date(seconds * 1e3).toISOString();
        const end = Math.min(to, start + RANGE_SECONDS);
        const answer = await this.#get('historical', { start: iso(start), end: iso(end) });
        meta = answer.meta;
        for (const point of answer.data) points.set(secondsOf(point), point);
      }
      const inside = [...points].sort(([a], [b]) => a - b);
      if (!meta || inside.length === 0) throw this.#noData();
      const imputed = inside.some(([, point]) => point.imputed_data_used === true);
      return {
        zone: meta.region,
        signal: 'marginal',
        provenance: imputed ? 'estimated' : 'modelled',
        method: `${methodOf(meta)}${imputed ? ', partly from imputed data' : ''}`,
        t: Float64Array.from(inside, ([at]) => at),
        gramsPerKilowattHour: Float64Array.from(
          inside,
          ([, { value }]) => (value ?? Number.NaN) * GRAMS_PER_KWH_OF_POUNDS_PER_MWH,
        ),
        lastHoldsSeconds: meta.data_point_period_seconds ?? PERIOD_SECONDS,
      };
    });
  }

  #ask(secrets: readonly string[]): AskOptions {
    const { fetch, clock, timeoutSeconds = 10, password } = this.#options;
    return { fetch, clock, timeoutSeconds, who: NAME, secrets: [password, ...secrets] };
  }

  async #get(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    const { region } = this.#options;
    const url = new URL(`${this.#base}/v3/${path}`);
    for (const [key, value] of Object.entries({ region, signal_type: SIGNAL, ...query }))
      url.searchParams.set(key, value);
    const send = async (token: string): Promise<ServiceAnswer> =>
      ask(url, { authorization: `Bearer ${token}` }, this.#ask([token]));
    const token = await this.#login.token();
    let answer = await send(token);
    if (answer.status === 401) {
      // The token ended before its time: once more, with a new one.
      await this.#login.forget(token);
      answer = await send(await this.#login.token());
    }
    if (answer.status !== 200) throw this.#refusal(answer);
    const parsed = answerSchema.safeParse(answer.body).data;
    if (!parsed || parsed.data.some((point) => Number.isNaN(secondsOf(point)))) {
      throw new WattloopError(ErrorCode.sourceFailed, `${NAME}: the answer is not what its API promises`, {
        remedy: 'Check that carbon.watttime.url is the address of its API',
      });
    }
    if (parsed.meta.units !== UNITS) {
      throw new WattloopError(
        ErrorCode.sourceFailed,
        `${NAME} answers in ${parsed.meta.units}, not in ${UNITS}`,
        {
          remedy:
            'Set carbon.region or carbon.intensity_g_per_kwh instead: another unit must not be taken for this one',
        },
      );
    }
    return parsed;
  }

  #refusal({ status, detail }: ServiceAnswer): WattloopError {
    const { region } = this.#options;
    const said = detail === '' ? `status ${status}` : `status ${status}: ${detail}`;
    if (status === 401 || status === 403) {
      return new WattloopError(
        ErrorCode.permissionDenied,
        `${NAME} does not let this user see ${region} (${said})`,
        {
          remedy:
            'Set carbon.watttime.region to one of your plan (https://api.watttime.org/v3/my-access); CAISO_NORTH is open to all',
        },
      );
    }
    if (status === 400 || status === 404 || status === 422) {
      return new WattloopError(ErrorCode.notFound, `${NAME} knows no region ${region} (${said})`, {
        remedy: 'Set carbon.watttime.region to one such as CAISO_NORTH or DE',
      });
    }
    return new WattloopError(ErrorCode.sourceFailed, `${NAME}: ${said}`, {
      remedy: 'Check carbon.watttime.url',
    });
  }

  #noData(): WattloopError {
    return new WattloopError(
      ErrorCode.sourceUnavailable,
      `${NAME} has no emissions rate of ${this.#options.region} for that time`,
      { remedy: 'Try later, or set carbon.region or carbon.intensity_g_per_kwh instead' },
    );
  }
}
