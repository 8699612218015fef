import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect, it } from 'vitest';
import { METRICS } from '../metrics/definitions.js';
import { resourceMetrics } from './otlp-metrics.js';

it('a histogram keeps its buckets, each counted by itself', () => {
  const labels = { function: 'resize' };
  const histogram = { labels, since: 5, edges: [0.5, 1], cumulative: [1, 3, 4], sum: 6.25 };
  const page = {
    time: 10,
    families: [{ definition: METRICS.functionSeconds, samples: [], histograms: [histogram] }],
  };
  const [scope] = resourceMetrics(page, resourceFromAttributes({}), '1').scopeMetrics;
  expect(scope?.metrics).toEqual([
    expect.objectContaining({
      dataPointType: 0,
      dataPoints: [
        {
          value: { buckets: { boundaries: [0.5, 1], counts: [1, 2, 1] }, sum: 6.25, count: 4 },
          startTime: [5, 0],
          endTime: [10, 0],
          attributes: labels,
        },
      ],
    }),
  ]);
});
