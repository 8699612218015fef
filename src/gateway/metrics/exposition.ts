import type { MetricFamily } from './sample.js';

/** The content type of what `exposition` writes. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

// Workload names come from outside: a line break or a quote in one of them must not break the page.
const escapeHelp = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
const escapeLabel = (text: string): string => escapeHelp(text).replace(/"/g, '\\"');

function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/** Families in Prometheus' text format. A family without samples is left out whole. */
export function exposition(families: Iterable<MetricFamily>): string {
  const lines: string[] = [];
  for (const { definition, samples } of families) {
    if (samples.length === 0) continue;
    lines.push(
      `# HELP ${definition.name} ${escapeHelp(definition.help)}`,
      `# TYPE ${definition.name} ${definition.type}`,
    );
    for (const { value, labels } of samples) {
      const pairs = definition.labels.flatMap((name) => {
        const text = labels[name];
        return text === undefined || text === '' ? [] : [`${name}="${escapeLabel(text)}"`];
      });
      lines.push(`${definition.name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number(value)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
