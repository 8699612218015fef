import { ErrorCode, secondsOf, WattloopError } from '../../base/index.js';
import type { LatencyFigures, LoadFigures, LoadResult } from '../../model/index.js';
import { joules, percent, seconds } from '../../report/index.js';

interface Metric {
  readonly of: (figures: LoadFigures) => number | undefined;
  readonly parse: (text: string) => number | undefined;
  readonly show: (value: number) => string;
  readonly example: string;
}

const number = (text: string): number | undefined => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);
const latency = (name: keyof LatencyFigures): Metric => ({
  of: (figures) => figures.latency?.[name],
  parse: secondsOf,
  show: seconds,
  example: '500ms',
});
const part = (of: (figures: LoadFigures) => number): Metric => ({
  of: (figures) => (figures.due > 0 ? of(figures) / figures.due : undefined),
  parse: (text) => (text.endsWith('%') ? scaled(number(text.slice(0, -1).trim())) : undefined),
  show: (value) => percent(value, 2),
  example: '1%',
});
const scaled = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value / 100;

const METRICS: Readonly<Record<string, Metric>> = {
  errors: part((figures) => figures.failed),
  'cold-starts': part((figures) => figures.cold),
  mean: latency('mean'),
  p50: latency('p50'),
  p90: latency('p90'),
  p99: latency('p99'),
  'p99.9': latency('p999'),
  max: latency('max'),
  throughput: {
    of: (figures) => figures.perSecond,
    parse: number,
    show: (value) => `${value.toPrecision(3)}/s`,
    example: '100',
  },
  energy: {
    of: (figures) => figures.footprint?.joulesPerCall ?? figures.energy?.joulesPerCall,
    parse: (text) => number(text.replace(/\s*J$/, '')),
    show: joules,
    example: '2J',
  },
};

const COMPARES = {
  '>': (a: number, b: number): boolean => a > b,
  '<': (a: number, b: number): boolean => a < b,
  '>=': (a: number, b: number): boolean => a >= b,
  '<=': (a: number, b: number): boolean => a <= b,
} as const;

/** A condition under which a load counts as failed: `p99>500ms`, `aes:errors>=1%`. */
export interface FailCondition {
  readonly text: string;
  /** What is wrong; undefined when nothing is. */
  check(result: LoadResult): string | undefined;
}

export function failCondition(text: string): FailCondition {
  const match = /^(?:(?<name>[^:<>=]+):)?\s*(?<metric>[\w.-]+)\s*(?<sign>[<>]=?)\s*(?<bound>.+)$/.exec(
    text.trim(),
  );
  const { name, metric: metricName = '', sign = '', bound = '' } = match?.groups ?? {};
  const metric = METRICS[metricName];
  const known = Object.keys(METRICS).join(', ');
  if (match === null || metric === undefined)
    throw unusable(text, `it must compare one of ${known}`, 'Write it as p99>500ms or errors>1%');
  const limit = metric.parse(bound.trim());
  const compare = COMPARES[sign as keyof typeof COMPARES];
  if (limit === undefined)
    throw unusable(
      text,
      `${bound} is no bound of ${metricName}`,
      `Write it as ${metricName}${sign}${metric.example}`,
    );
  return {
    text,
    check: (result) => {
      const figures = name === undefined ? result.total : result.functions.find((each) => each.name === name);
      if (figures === undefined) return `${text}: there is no function ${name}`;
      const value = metric.of(figures);
      if (value === undefined) return `${text}: ${metricName} is not known`;
      return compare(value, limit) ? `${text}: it was ${metric.show(value)}` : undefined;
    },
  };
}

const unusable = (text: string, why: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badUsage, `the condition ${JSON.stringify(text)} can't be used: ${why}`, {
    remedy,
  });
