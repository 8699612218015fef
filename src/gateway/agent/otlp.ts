import type { ObservableCounter, ObservableGauge } from '@opentelemetry/api';
import { METRICS } from '../metrics/definitions.js';
import type { MetricFamily } from '../metrics/sample.js';

export interface OtlpOptions {
  /** Base address of a collector (`http://127.0.0.1:4318`), or the whole address of its metrics (`…/v1/metrics`). */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly intervalSeconds: number;
  readonly version: string;
}

const PATH = '/v1/metrics';

/** OTLP names carry no `_total`: whoever turns them into Prometheus' form adds it again. */
const otlpName = (name: string): string => name.replace(/_total$/, '');

/** Sends the same metrics as /metrics to an OpenTelemetry collector, again and again. Loads the SDK only when it is used. */
export async function exportOtlp(
  families: () => Iterable<MetricFamily>,
  options: OtlpOptions,
): Promise<{ close(): Promise<void> }> {
  const [
    { OTLPMetricExporter },
    { MeterProvider, PeriodicExportingMetricReader },
    { resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/resources'),
  ]);
  const { endpoint, headers, intervalSeconds, version } = options;
  const url = endpoint.endsWith(PATH) ? endpoint : endpoint.replace(/\/$/, '') + PATH;
  const milliseconds = intervalSeconds * 1e3;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url, headers: { ...headers } }),
    exportIntervalMillis: milliseconds,
    exportTimeoutMillis: milliseconds,
  });
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes({ 'service.name': 'wattloop-agent', 'service.version': version }),
  });
  const meter = provider.getMeter('wattloop', version);
  const instruments = new Map<string, ObservableCounter | ObservableGauge>(
    Object.values(METRICS).map(({ name, type, unit, help }) => {
      const details = { unit, description: help };
      const instrument =
        type === 'counter'
          ? meter.createObservableCounter(otlpName(name), details)
          : meter.createObservableGauge(otlpName(name), details);
      return [name, instrument];
    }),
  );
  meter.addBatchObservableCallback(
    (result) => {
      for (const { definition, samples } of families()) {
        const instrument = instruments.get(definition.name);
        if (instrument) for (const { value, labels } of samples) result.observe(instrument, value, labels);
      }
    },
    [...instruments.values()],
  );
  return { close: () => provider.shutdown() };
}
