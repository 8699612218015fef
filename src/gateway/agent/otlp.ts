import { hostname } from 'node:os';
import type { Host } from '../../base/index.js';
import type { MetricPage } from '../metrics/sample.js';
import { Cadence } from './cadence.js';
import { resourceMetrics } from './otlp-metrics.js';

export interface OtlpOptions {
  /** Base address of a collector (`http://127.0.0.1:4318`), or the whole address of its metrics (`…/v1/metrics`). */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly intervalSeconds: number;
  readonly version: string;
}

const PATH = '/v1/metrics';
/** For one export with all its retries: it holds up the end of the agent. What an export misses, the next one tells. */
const TIMEOUT_SECONDS = 4;
const SUCCESS = 0;

/** Sends the same metrics as /metrics to an OpenTelemetry collector, again and again. Loads the SDK only when it is used. */
export async function exportOtlp(
  host: Host,
  page: () => MetricPage | undefined,
  options: OtlpOptions,
): Promise<{ close(): Promise<void> }> {
  const [{ OTLPMetricExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const { clock, log } = host;
  const { endpoint, headers, intervalSeconds, version } = options;
  const url = endpoint.endsWith(PATH) ? endpoint : endpoint.replace(/\/$/, '') + PATH;
  const timeoutMillis = Math.min(TIMEOUT_SECONDS, intervalSeconds) * 1e3;
  const exporter = new OTLPMetricExporter({ url, headers: { ...headers }, timeoutMillis });
  const resource = resourceFromAttributes({
    'service.name': 'wattloop-agent',
    'service.version': version,
    'host.name': hostname(),
  });
  let isFailing = false;
  const send = async (): Promise<void> => {
    const metrics = page();
    if (metrics === undefined) return;
    const result = await new Promise<{ code: number; error?: Error }>((resolve) => {
      exporter.export(resourceMetrics(metrics, resource, version), resolve);
    });
    const fails = result.code !== SUCCESS;
    if (fails && !isFailing) {
      log.warn('the OpenTelemetry collector does not take the metrics', {
        url,
        error: result.error?.message,
      });
    } else if (!fails && isFailing) log.info('the OpenTelemetry collector takes the metrics again', { url });
    isFailing = fails;
  };
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    const cadence = new Cadence(clock, intervalSeconds);
    while (!stop.signal.aborted) {
      await cadence.next(stop.signal);
      // Once more when it is stopped, so that what was counted up to the end is told; but a dead collector is not waited for.
      if (!(stop.signal.aborted && isFailing)) await send();
    }
    await exporter.shutdown();
  };
  const running = loop();
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}
