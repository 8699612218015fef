import { z } from 'zod';
import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import { type Fetch, fetchText, publicUrl } from './http.js';
import type { SampleReader, TimedSample } from './samples.js';

export interface QueryOptions {
  /** The address of Prometheus itself, with its path prefix where it has one. */
  readonly url: URL;
  readonly fetch: Fetch;
  readonly timeoutSeconds: number;
  readonly who: string;
  readonly prefixes: readonly string[];
  /** The `instance` label of the node, or matchers of other labels (`node_name="worker-1"`). */
  readonly instance: string | undefined;
}

const INTERVAL_SECONDS = 5;
/** How far back the last scrape may lie; scrape intervals beyond a minute are rare. */
const LOOK_BACK = '3m';

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: point }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(point) })),
      }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function matcherOf(instance: string | undefined): string {
  if (instance === undefined) return '';
  return /^\w+\s*(=|!=|=~|!~)\s*"/.test(instance) ? `,${instance}` : `,instance=${quoted(instance)}`;
}

/** A number as Prometheus writes it in JSON: `NaN` and `+Inf` are texts there. */
function numberOf(text: string): number {
  if (/^[+-]Inf$/.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text === '' ? Number.NaN : Number(text);
}

function parseAnswer(text: string): z.output<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Samples by a Prometheus server. A range is asked for rather than a value, because only a range says when each sample
 * was scraped; a plain query would call a minute-old value new.
 */
export function queryReader(host: Host, options: QueryOptions): SampleReader {
  const where = publicUrl(options.url);

  async function query(expression: string) {
    const url = new URL(options.url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`;
    url.searchParams.set('query', expression);
    const who = 'prometheus';
    const text = await fetchText(url, { ...options, who, accept: 'application/json' });
    const answer = parseAnswer(text);
    if (answer?.status === 'success') return answer.data;
    const why = answer ? `${answer.errorType}: ${answer.error}` : 'the answer is not that of Prometheus';
    throw new WattloopError(ErrorCode.sourceFailed, `${options.who}: ${where}: ${why}`, {
      remedy: `Set sources.${options.who}.prometheus to the address of a Prometheus server, such as http://127.0.0.1:9090`,
    });
  }

  const names = `{__name__=~${quoted(`(${options.prefixes.join('|')}).*`)}`;
  const selector = `${names}${matcherOf(options.instance)}}[${LOOK_BACK}]`;

  // The last sample of each series that was given out: the same sample must have the same time when it is asked for again.
  const known = new Map<string, { readonly seconds: number; readonly at: number }>();
  let isFirst = true;

  return {
    where,
    interval: INTERVAL_SECONDS,
    async read(): Promise<TimedSample[]> {
      // The server's own time turns its time stamps into ages, so that its clock need not agree with this machine's.
      const time = await query('time()');
      const now = host.clock.now();
      const data = await query(selector);
      const serverNow = time.resultType === 'scalar' ? time.result[0] : host.clock.wall();
      const series = data.resultType === 'matrix' ? data.result : [];
      const samples = series.flatMap(({ metric, values }) => {
        const { __name__: name = '', ...labels } = metric;
        const key = JSON.stringify(metric);
        const last = known.get(key);
        const fresh = values.filter(([seconds]) => last === undefined || seconds > last.seconds);
        // What was before the first look does not matter; a series that appears later counts from its beginning.
        const chosen = fresh.length === 0 || isFirst ? values.slice(-1) : fresh;
        return chosen.map(([seconds, value]): TimedSample => {
          const age = Math.max(0, serverNow - seconds);
          const at =
            seconds === last?.seconds ? last.at : Math.max(now - age, last?.at ?? Number.NEGATIVE_INFINITY);
          known.set(key, { seconds, at });
          return { name, labels, value: numberOf(value), at };
        });
      });
      isFirst = false;
      return samples;
    },
  };
}
