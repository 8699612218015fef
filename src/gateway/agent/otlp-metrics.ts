import type { HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { MetricData, Histogram as OtlpHistogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { MetricDefinition } from '../metrics/definitions.js';
import type { HistogramSample, MetricFamily, MetricPage } from '../metrics/sample.js';

// The SDK's enums, which are part of OTLP: types alone are imported, so that the SDK is not loaded before it is needed.
const CUMULATIVE: MetricData['aggregationTemporality'] = 1;
const GAUGE = 2;
const SUM = 3;
const HISTOGRAM = 0;
const DOUBLE = 1;

type Labels = Readonly<Record<string, string>>;

/** OTLP names carry no `_total`: whoever turns them into Prometheus' form adds it again. */
const otlpName = (name: string): string => name.replace(/_total$/, '');

function timeOf(seconds: number): HrTime {
  const whole = Math.floor(seconds);
  return [whole, Math.round((seconds - whole) * 1e9)];
}

/** Attributes without a text say nothing. */
const attributesOf = ({ labels: names }: MetricDefinition, labels: Labels): Record<string, string> =>
  Object.fromEntries(names.flatMap((label) => (labels[label] ? [[label, labels[label]]] : [])));

function metricOf({ definition, samples, histograms = [] }: MetricFamily, time: number): MetricData {
  const { name, help, unit, type } = definition;
  const endTime = timeOf(time);
  const point = <Value>(
    value: Value,
    { since, labels }: { readonly since: number; readonly labels: Labels },
  ) => ({
    value,
    startTime: timeOf(since),
    endTime,
    attributes: attributesOf(definition, labels),
  });
  const common = {
    descriptor: { name: otlpName(name), description: help, unit, valueType: DOUBLE },
    aggregationTemporality: CUMULATIVE,
  };
  if (type === 'histogram')
    return {
      ...common,
      dataPointType: HISTOGRAM,
      dataPoints: histograms.map((sample) => point(histogramOf(sample), sample)),
    };
  const dataPoints = samples.map((sample) => point(sample.value, sample));
  return type === 'counter'
    ? { ...common, dataPoints, dataPointType: SUM, isMonotonic: true }
    : { ...common, dataPoints, dataPointType: GAUGE };
}

/** OTLP counts each bucket by itself. */
function histogramOf({ edges, cumulative, sum }: HistogramSample): OtlpHistogram {
  const counts = cumulative.map((count, bucket) => count - (cumulative[bucket - 1] ?? 0));
  return { buckets: { boundaries: [...edges], counts }, sum, count: cumulative.at(-1) ?? 0 };
}

/** A page as OTLP has it. Made from the page alone: nothing is kept of workloads that are not on it any more. */
export function resourceMetrics(page: MetricPage, resource: Resource, version: string): ResourceMetrics {
  const families = page.families.filter(
    ({ samples, histograms = [] }) => samples.length + histograms.length > 0,
  );
  const metrics = families.map((family) => metricOf(family, page.time));
  return { resource, scopeMetrics: [{ scope: { name: 'wattloop', version }, metrics }] };
}
