import { describe, expect, it } from 'vitest';
import { METRICS } from './definitions.js';
import { exposition } from './exposition.js';
import { askedFormat, asOpenMetrics } from './open-metrics.js';
import type { MetricFamily } from './sample.js';

describe('askedFormat', () => {
  it.each([
    // As Prometheus 2 and 3 ask.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    ['application/openmetrics-text; q=0.2, text/plain; q=0.9', 'prometheus'],
    ['application/openmetrics-text;q=0', 'prometheus'],
    ['text/plain', 'prometheus'],
    // A browser, curl, and who says nothing.
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'prometheus'],
    ['*/*', 'prometheus'],
    ['', 'prometheus'],
    [undefined, 'prometheus'],
  ])('of %j is %s', (accept, format) => {
    expect(askedFormat(accept)).toBe(format);
  });
});

it('asOpenMetrics makes of a page what exposition makes of its families', () => {
  const families = Object.values(METRICS).flatMap((definition): MetricFamily[] =>
    definition.type === 'histogram'
      ? []
      : [{ definition, samples: [{ value: 1.5, labels: { source: '# TYPE a counter' }, since: 0 }] }],
  );
  expect(asOpenMetrics(exposition(families))).toBe(exposition(families, 'openmetrics'));
});
