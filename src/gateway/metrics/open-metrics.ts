import { EXPOSITION_TYPE, type ExpositionFormat } from './exposition.js';

const OPEN_METRICS = 'application/openmetrics-text';
const OPEN_METRICS_TYPE = `${OPEN_METRICS}; version=1.0.0; charset=utf-8`;

/** How much a media range is wanted, from 0 to 1. */
function weight(parameters: readonly string[]): number {
  const text = parameters.find((one) => /^q=/i.test(one))?.slice(2);
  const q = text === undefined ? 1 : Number(text);
  return Number.isFinite(q) ? q : 0;
}

/** The format that a scraper asked for: OpenMetrics only by its name, as whoever takes anything may not know it. */
export function askedFormat(accept: string | undefined): ExpositionFormat {
  const best = { openmetrics: 0, prometheus: 0 };
  for (const range of accept?.split(',') ?? []) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const format = type.toLowerCase() === OPEN_METRICS ? 'openmetrics' : 'prometheus';
    best[format] = Math.max(best[format], weight(parameters));
  }
  return best.openmetrics > 0 && best.openmetrics >= best.prometheus ? 'openmetrics' : 'prometheus';
}

export const contentType = (format: ExpositionFormat): string =>
  format === 'openmetrics' ? OPEN_METRICS_TYPE : EXPOSITION_TYPE;

const DESCRIPTION = /^# (HELP|TYPE) (\S+) (.*)$/;

/** A page in Prometheus' text format, written elsewhere and without histograms, as a part of an OpenMetrics page. */
export function asOpenMetrics(page: string): string {
  const lines = page.split('\n');
  const counters = new Set<string>();
  for (const line of lines) {
    const [, keyword, name, text] = DESCRIPTION.exec(line) ?? [];
    if (keyword === 'TYPE' && name !== undefined && text === 'counter') counters.add(name);
  }
  return lines
    .map((line) => {
      const [, keyword, name, text] = DESCRIPTION.exec(line) ?? [];
      if (keyword === undefined || name === undefined || text === undefined) return line;
      const isCounter = counters.has(name);
      const hasTotal = name.endsWith('_total');
      const shown = isCounter && hasTotal ? name.slice(0, -'_total'.length) : name;
      if (keyword === 'HELP') return `# HELP ${shown} ${text.replaceAll('"', '\\"')}`;
      return `# TYPE ${shown} ${isCounter && !hasTotal ? 'unknown' : text}`;
    })
    .join('\n');
}

/** The parts of a page as one, with the end that OpenMetrics wants, so that a page that was cut off is not taken for whole. */
export const openMetricsPage = (...parts: readonly string[]): string => `${parts.join('')}# EOF\n`;
