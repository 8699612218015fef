import type { HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { MetricFamily, MetricPage } from '../metrics/sample.js';

// The SDK's enums, which are part of OTLP: types alone are imported, so that the SDK is not loaded before it is needed.
const CUMULATIVE: MetricData['aggregationTemporality'] = 1;
const GAUGE = 2;
const SUM = 3;
const DOUBLE = 1;

/** OTLP names carry no `_total`: whoever turns them into Prometheus' form adds it again. */
const otlpName = (name: string): string => name.replace(/_total$/, '');

function timeOf(seconds: number): HrTime {
  const whole = Math.floor(seconds);
  return [whole, Math.round((seconds - whole) * 1e9)];
}

function metricOf({ definition, samples }: MetricFamily, time: number): MetricData {
  const { name, help, unit, type } = definition;
  const endTime = timeOf(time);
  const dataPoints = samples.map(({ value, labels, since }) => ({
    value,
    startTime: timeOf(since),
    endTime,
    // Attributes without a text say nothing.
    attributes: Object.fromEntries(
      definition.labels.flatMap((label) => (labels[label] ? [[label, labels[label]]] : [])),
    ),
  }));
  const common = {
    descriptor: { name: otlpName(name), description: help, unit, valueType: DOUBLE },
    aggregationTemporality: CUMULATIVE,
    dataPoints,
  };
  return type === 'counter'
    ? { ...common, dataPointType: SUM, isMonotonic: true }
    : { ...common, dataPointType: GAUGE };
}

/** A page as OTLP has it. Made from the page alone: nothing is kept of workloads that are not on it any more. */
export function resourceMetrics(page: MetricPage, resource: Resource, version: string): ResourceMetrics {
  const families = page.families.filter(({ samples }) => samples.length > 0);
  const metrics = families.map((family) => metricOf(family, page.time));
  return { resource, scopeMetrics: [{ scope: { name: 'wattloop', version }, metrics }] };
}
