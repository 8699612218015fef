import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExposition } from '../testing/parse-exposition.js';
import { METRICS, type MetricDefinition } from './definitions.js';
import { exposition } from './exposition.js';
import type { MetricFamily } from './sample.js';

const definition: MetricDefinition = {
  name: 'wattloop_test_total',
  type: 'counter',
  unit: 'J',
  help: 'Energy of "a\\b"\nand more.',
  labels: ['workload', 'id'],
};
const page = (...samples: readonly (readonly [number, Readonly<Record<string, string>>])[]): string =>
  exposition([{ definition, samples: samples.map(([value, labels]) => ({ value, labels, since: 0 })) }]);

const HOSTILE = [
  '/kubepods.slice/pod"1"',
  'back\\slash\\n',
  'line\nbreak',
  'carriage\rreturn',
  'nul\0 and \u2028 and \u001b[2J',
  'ünïcödé 🔥',
  '\ud800',
  '{}=,"',
  '# HELP wattloop_test_total nonsense',
  'x'.repeat(5000),
];

describe('exposition', () => {
  it('writes the text format', () => {
    expect(page([1.5, { workload: 'a"b', id: '/x\ny\\z' }], [0, { workload: 'c', id: '' }])).toBe(
      [
        '# HELP wattloop_test_total Energy of "a\\\\b"\\nand more.',
        '# TYPE wattloop_test_total counter',
        'wattloop_test_total{workload="a\\"b",id="/x\\ny\\\\z"} 1.5',
        'wattloop_test_total{workload="c"} 0',
        '',
      ].join('\n'),
    );
  });

  it('leaves out a metric that has nothing to say', () => {
    expect(exposition([{ definition, samples: [] }])).toBe('');
  });

  it('gives back every value and every label, whatever they are', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...HOSTILE));
    const sample = fc.record({
      value: fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e21, 5e-324, Number.MAX_VALUE)),
      workload: text,
      id: text,
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 10 }), (samples) => {
        const written = page(...samples.map(({ value, ...labels }) => [value, labels] as const));
        const read = parseExposition(written).get(definition.name);
        expect(read?.help).toBe(definition.help);
        expect(read?.type).toBe('counter');
        expect(read?.samples).toEqual(
          samples.map(({ value, workload, id }) => ({
            // The format knows one zero.
            value: value === 0 ? 0 : value,
            labels: Object.fromEntries(Object.entries({ workload, id }).filter(([, label]) => label !== '')),
          })),
        );
      }),
    );
  });

  it('writes histograms, with exemplars for OpenMetrics alone', () => {
    const family = (labels: Record<string, string>): MetricFamily => ({
      definition: { ...definition, name: 'wattloop_test_seconds', type: 'histogram', help: 'A "test".' },
      samples: [],
      histograms: [
        {
          labels,
          since: 0,
          edges: [0.5, 1],
          cumulative: [1, 3, 4],
          sum: 6.25,
          exemplar: (bucket) => (bucket === 1 ? { traceId: 'abc', value: 0.7, at: 12.5 } : undefined),
        },
      ],
    });
    expect(exposition([family({ workload: 'w"' })])).toBe(
      [
        '# HELP wattloop_test_seconds A "test".',
        '# TYPE wattloop_test_seconds histogram',
        'wattloop_test_seconds_bucket{workload="w\\"",le="0.5"} 1',
        'wattloop_test_seconds_bucket{workload="w\\"",le="1"} 3',
        'wattloop_test_seconds_bucket{workload="w\\"",le="+Inf"} 4',
        'wattloop_test_seconds_sum{workload="w\\""} 6.25',
        'wattloop_test_seconds_count{workload="w\\""} 4',
        '',
      ].join('\n'),
    );
    expect(exposition([family({})], 'openmetrics')).toBe(
      [
        '# HELP wattloop_test_seconds A \\"test\\".',
        '# TYPE wattloop_test_seconds histogram',
        'wattloop_test_seconds_bucket{le="0.5"} 1',
        'wattloop_test_seconds_bucket{le="1.0"} 3 # {trace_id="abc"} 0.7 12.500',
        'wattloop_test_seconds_bucket{le="+Inf"} 4',
        'wattloop_test_seconds_sum 6.25',
        'wattloop_test_seconds_count 4',
        '',
      ].join('\n'),
    );
  });

  it('names counters for OpenMetrics as it wants them', () => {
    const text = (name: string): string =>
      exposition([{ definition: { ...definition, name, labels: [] }, samples: [sample] }], 'openmetrics');
    const sample = { value: 1, labels: {}, since: 0 };
    expect(text('a_total')).toMatch(/# TYPE a counter\na_total 1\n$/);
    expect(text('a_started')).toMatch(/# TYPE a_started unknown\na_started 1\n$/);
  });

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  it.skipIf(!promtool)('passes Prometheus’ own check, with every metric and hostile names', () => {
    // Names that others gave first are not held to it.
    const own = Object.values(METRICS).filter(({ name }) => name.startsWith('wattloop_'));
    const families = own.map((metric): MetricFamily => {
      const samples = (metric.labels.length === 0 ? [''] : HOSTILE).map((name, index) => ({
        value: index / 3,
        since: 0,
        labels: Object.fromEntries(metric.labels.map((label) => [label, name])),
      }));
      if (metric.type !== 'histogram') return { definition: metric, samples };
      const buckets = { edges: [0.1, 1], cumulative: [1, 2, 3], sum: 2 };
      return {
        definition: metric,
        samples: [],
        histograms: samples.map((sample) => ({ ...sample, ...buckets })),
      };
    });
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: exposition(families),
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });
});
