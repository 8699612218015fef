import type { MetricDefinition } from './definitions.js';
import type { Exemplar, HistogramSample, MetricFamily } from './sample.js';

/** Prometheus' text format, which every scraper reads; or OpenMetrics, which has exemplars. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** The content type of what `exposition` writes. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

// Workload names come from outside: a line break or a quote in one of them must not break the page.
const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const NEEDS_ESCAPE = /[\\\n"]/;
const escapeLabel = (text: string): string =>
  NEEDS_ESCAPE.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** Labels in the definition's order, as `a="b",c="d"`. Those without a text are left out: to Prometheus that is the same. */
function pairs(definition: MetricDefinition, labels: Readonly<Record<string, string>>): string {
  let written = '';
  for (const name of definition.labels) {
    const text = labels[name];
    if (text) written += `${written === '' ? '' : ','}${name}="${escapeLabel(text)}"`;
  }
  return written;
}

const inBraces = (text: string): string => (text === '' ? '' : `{${text}}`);

/** OpenMetrics wants edges to look like fractions, so that 1 and 1.0 are no two buckets. */
function edge(value: number, format: ExpositionFormat): string {
  return format === 'openmetrics' && Number.isInteger(value) ? value.toFixed(1) : number(value);
}

const exemplarText = ({ traceId, value, at }: Exemplar): string =>
  ` # {trace_id="${escapeLabel(traceId)}"} ${number(value)} ${at.toFixed(3)}`;

function histogram(
  definition: MetricDefinition,
  { labels, edges, cumulative, sum, exemplar }: HistogramSample,
  format: ExpositionFormat,
): string {
  const { name } = definition;
  const own = pairs(definition, labels);
  let text = '';
  for (const [bucket, count] of cumulative.entries()) {
    const le = `${own === '' ? '' : ','}le="${edge(edges[bucket] ?? Number.POSITIVE_INFINITY, format)}"`;
    const seen = format === 'openmetrics' ? exemplar?.(bucket) : undefined;
    text += `${name}_bucket{${own}${le}} ${number(count)}${seen === undefined ? '' : exemplarText(seen)}\n`;
  }
  text += `${name}_sum${inBraces(own)} ${number(sum)}\n`;
  return `${text}${name}_count${inBraces(own)} ${number(cumulative.at(-1) ?? 0)}\n`;
}

/** OpenMetrics names counters without their `_total`. What has none, as others named it, is of no type that it knows. */
function described({ name, type }: MetricDefinition): { readonly name: string; readonly type: string } {
  if (type !== 'counter') return { name, type };
  return name.endsWith('_total')
    ? { name: name.slice(0, -'_total'.length), type }
    : { name, type: 'unknown' };
}

function heading(definition: MetricDefinition, format: ExpositionFormat): string {
  const help = escapeHelp(definition.help);
  if (format === 'prometheus')
    return `# HELP ${definition.name} ${help}\n# TYPE ${definition.name} ${definition.type}\n`;
  const { name, type } = described(definition);
  return `# HELP ${name} ${help.replaceAll('"', '\\"')}\n# TYPE ${name} ${type}\n`;
}

/**
 * Families in Prometheus' text format, or as part of a page of OpenMetrics, which `openMetricsPage` makes whole. A family that
 * has nothing to say is left out.
 */
export function exposition(
  families: Iterable<MetricFamily>,
  format: ExpositionFormat = 'prometheus',
): string {
  let page = '';
  for (const { definition, samples, histograms = [] } of families) {
    if (samples.length === 0 && histograms.length === 0) continue;
    page += heading(definition, format);
    for (const { value, labels } of samples)
      page += `${definition.name}${inBraces(pairs(definition, labels))} ${number(value)}\n`;
    for (const sample of histograms) page += histogram(definition, sample, format);
  }
  return page;
}
