import { hostname } from 'node:os';
import type { Host } from '../../base/index.js';
import { callSpans, refusedSpan, type SpanOrigin, type SpanPlace } from './call-spans.js';
import { toldExporter } from './told-exporter.js';
import {
  formatTraceparent,
  isSampled,
  newSpanId,
  newTraceId,
  parseTraceparent,
  SAMPLED,
} from './trace-context.js';
import { type CallTrace, passedOn, type Tracer } from './tracer.js';

export interface OtlpTracerOptions {
  /** Base address of a collector (`http://127.0.0.1:4318`), or the whole address of its traces (`…/v1/traces`). */
  readonly endpoint: string;
  readonly version: string;
  /** Between exports of what has come; 5 when not given. */
  readonly intervalSeconds?: number;
}

const PATH = '/v1/traces';
const INTERVAL_SECONDS = 5;
/** For one export with all its retries. */
const TIMEOUT_SECONDS = 4;
/** Spans that wait for a collector; what comes beyond is left out, so that a dead one costs no memory. */
const MOST_WAITING = 8_192;
const MOST_TOGETHER = 512;

/** Sends a span of each call, with its parts, to an OpenTelemetry collector: in batches, beside the calls. Loads the SDK. */
export async function openOtlpTracer(host: Host, options: OtlpTracerOptions): Promise<Tracer> {
  const [{ OTLPTraceExporter }, { BatchSpanProcessor }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
  ]);
  const { endpoint, version, intervalSeconds = INTERVAL_SECONDS } = options;
  const url = endpoint.endsWith(PATH) ? endpoint : endpoint.replace(/\/$/, '') + PATH;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: TIMEOUT_SECONDS * 1e3 });
  const processor = new BatchSpanProcessor(toldExporter(exporter, host.log, url), {
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: MOST_TOGETHER,
    scheduledDelayMillis: intervalSeconds * 1e3,
    exportTimeoutMillis: TIMEOUT_SECONDS * 1e3,
  });
  const resource = resourceFromAttributes({
    'service.name': 'wattloop-gateway',
    'service.version': version,
    'host.name': hostname(),
  });
  const origin: SpanOrigin = { resource, version };
  return {
    begin: (headers, functionName, method): CallTrace => {
      const caller = parseTraceparent(headers.traceparent);
      // Whoever began the trace decided that it is not recorded.
      if (caller !== undefined && !isSampled(caller)) return passedOn(headers);
      const place: SpanPlace = {
        traceId: caller?.traceId ?? newTraceId(),
        flags: caller?.flags ?? SAMPLED,
        callerSpanId: caller?.spanId,
        spanId: newSpanId(),
        functionSpanId: newSpanId(),
      };
      const from = host.clock.wall();
      const { traceId, flags, functionSpanId } = place;
      return {
        traceparent: formatTraceparent({ traceId, spanId: functionSpanId, flags }),
        dropsState: caller === undefined,
        traceId,
        end: (call, energyJoules) => {
          for (const span of callSpans(origin, place, call, { method, energyJoules })) processor.onEnd(span);
        },
        refused: (call) =>
          processor.onEnd(
            refusedSpan(origin, place, {
              ...call,
              function: functionName,
              method,
              from,
              to: host.clock.wall(),
            }),
          ),
      };
    },
    // What a collector did not take was told of already.
    close: () => processor.shutdown().catch(() => {}),
  };
}
