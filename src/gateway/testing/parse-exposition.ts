/** A metric as a reader of the text format finds it. */
export interface ReadMetric {
  help: string | undefined;
  type: string | undefined;
  readonly samples: { readonly value: number; readonly labels: Readonly<Record<string, string>> }[];
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/gy;
const NAME = /[a-zA-Z_:][\w:]*/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '\\': '\\', '"': '"' };
const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (whole, character: string) => ESCAPES[character] ?? whole);

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text !== 'NaN' && !/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    throw new Error(`no number: ${text}`);
  return Number(text);
}

/** Prometheus' text format (version 0.0.4), read strictly. */
export function parseExposition(page: string): Map<string, ReadMetric> {
  const metrics = new Map<string, ReadMetric>();
  const metric = (name: string): ReadMetric => {
    const known = metrics.get(name) ?? { help: undefined, type: undefined, samples: [] };
    metrics.set(name, known);
    return known;
  };
  if (page !== '' && !page.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of page.split('\n').slice(0, -1)) {
    const [, keyword, about = '', text = ''] = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line) ?? [];
    if (keyword === 'HELP') metric(about).help = unescaped(text);
    else if (keyword === 'TYPE') metric(about).type = text;
    else sample(line, metric);
  }
  return metrics;
}

function sample(line: string, metric: (name: string) => ReadMetric): void {
  NAME.lastIndex = 0;
  const name = NAME.exec(line)?.[0];
  if (name === undefined) throw new Error(`no name: ${line}`);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      LABEL.lastIndex = at;
      const [whole, key, value] = LABEL.exec(line) ?? [];
      if (whole === undefined || key === undefined || value === undefined)
        throw new Error(`no label: ${line}`);
      if (key in labels) throw new Error(`label twice: ${line}`);
      labels[key] = unescaped(value);
      at += whole.length;
    }
    at++;
  }
  if (line[at] !== ' ') throw new Error(`no value: ${line}`);
  metric(name).samples.push({ value: numberOf(line.slice(at + 1)), labels });
}
