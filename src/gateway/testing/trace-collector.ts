import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.number() }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .transform(
    (all): Readonly<Record<string, string | number | boolean | undefined>> =>
      Object.fromEntries(all.map((one) => [one.key, Object.values(one.value)[0]])),
  );
const nanoseconds = z.string().regex(/^\d+$/).transform(BigInt);
const span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(span) })),
    }),
  ),
});

export type OtlpSpan = z.output<typeof span>;

/** A collector on a loopback port that takes spans as OTLP over HTTP (JSON) and keeps what it got. */
export class TraceCollector {
  readonly spans: OtlpSpan[] = [];
  readonly paths: string[] = [];
  resource: Readonly<Record<string, string | number | boolean | undefined>> = {};
  /** What it answers. */
  status = 200;
  url = '';
  readonly #server = createServer(async (request, response) => {
    const { resourceSpans } = body.parse(JSON.parse(await text(request)));
    this.paths.push(request.url ?? '');
    if (this.status === 200)
      for (const { resource, scopeSpans } of resourceSpans) {
        this.resource = resource.attributes;
        this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
      }
    response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
    this.#server.emit('export');
  });

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async next(): Promise<void> {
    await once(this.#server, 'export');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
