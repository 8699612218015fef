import type { MetricDefinition } from './definitions.js';
import type { MetricFamily } from './sample.js';

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

/** Labels in the definition's order. Those without a text are left out: to Prometheus that is the same. */
function labelled(definition: MetricDefinition, labels: Readonly<Record<string, string>>): string {
  let pairs = '';
  for (const name of definition.labels) {
    const text = labels[name];
    if (text) pairs += `${pairs === '' ? '{' : ','}${name}="${escapeLabel(text)}"`;
  }
  return pairs === '' ? '' : `${pairs}}`;
}

/** Families in Prometheus' text format. A family without samples is left out whole. */
export function exposition(families: Iterable<MetricFamily>): string {
  let page = '';
  for (const { definition, samples } of families) {
    if (samples.length === 0) continue;
    const { name, help, type } = definition;
    page += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    for (const { value, labels } of samples) {
      page += `${name}${labelled(definition, labels)} ${number(value)}\n`;
    }
  }
  return page;
}
