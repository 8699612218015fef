import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

const attribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) });
const nanoseconds = z.string().regex(/^\d+$/);
const point = z.object({
  attributes: z.array(attribute),
  startTimeUnixNano: nanoseconds,
  timeUnixNano: nanoseconds,
  asDouble: z.number(),
});
const metric = z.object({
  name: z.string(),
  unit: z.string(),
  description: z.string(),
  sum: z
    .object({ dataPoints: z.array(point), isMonotonic: z.boolean(), aggregationTemporality: z.number() })
    .optional(),
  gauge: z.object({ dataPoints: z.array(point) }).optional(),
});
const body = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeMetrics: z.array(z.object({ scope: z.object({ name: z.string() }), metrics: z.array(metric) })),
    }),
  ),
});

export type OtlpMetric = z.output<typeof metric>;

/** One export as it came. */
export interface OtlpExport {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly resource: Readonly<Record<string, string>>;
  readonly metrics: readonly OtlpMetric[];
}

const asRecord = (attributes: readonly z.output<typeof attribute>[]): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

/** The value of the one data point of a metric that has these attributes. */
export function otlpValue(
  metrics: readonly OtlpMetric[],
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = metrics.find((one) => one.name === name);
  const points = found?.sum?.dataPoints ?? found?.gauge?.dataPoints ?? [];
  return points.find((one) => {
    const has = asRecord(one.attributes);
    return Object.entries(attributes).every(([key, value]) => has[key] === value);
  })?.asDouble;
}

/** A collector on a loopback port that takes OTLP over HTTP as JSON and keeps what it got. */
export class OtlpCollector {
  readonly exports: OtlpExport[] = [];
  /** What it answers. */
  status = 200;
  url = '';
  #waiting: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceMetrics } = body.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      for (const { resource, scopeMetrics } of resourceMetrics) {
        this.exports.push({
          path: request.url,
          headers: request.headers,
          resource: asRecord(resource.attributes),
          metrics: scopeMetrics.flatMap(({ metrics }) => metrics),
        });
      }
      response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
      for (const wake of this.#waiting.splice(0)) wake();
    });
  });

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.url = `http://127.0.0.1:${address.port}`;
    return this;
  }

  /** The next export. */
  async next(): Promise<OtlpExport> {
    const count = this.exports.length;
    while (this.exports.length === count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const latest = this.exports.at(-1);
    if (latest === undefined) throw new Error('nothing came');
    return latest;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
