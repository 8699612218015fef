import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { METRICS } from '../src/gateway/metrics/definitions.js';
import { exposition } from '../src/gateway/metrics/exposition.js';
import {
  askedFormat,
  asOpenMetrics,
  contentType,
  openMetricsPage,
} from '../src/gateway/metrics/open-metrics.js';
import { FamilyWriter, type MetricFamily } from '../src/gateway/metrics/sample.js';
import { noPrometheus, Prometheus } from './support/prometheus.js';

const BEGAN = Date.now() / 1e3;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** All metrics, with names that are hard to write. */
function families(): MetricFamily[] {
  const labelsOf = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, 'a "b" \\ {}']));
  return Object.values(METRICS).map((definition) => {
    const labels = labelsOf(definition.labels);
    if (definition.type !== 'histogram') return { definition, samples: [{ value: 7.5, labels, since: 0 }] };
    const exemplar = (bucket: number) =>
      bucket === 1 ? { traceId: TRACE, value: 0.7, at: BEGAN } : undefined;
    const histogram = { labels, since: 0, edges: [0.5, 1], cumulative: [1, 3, 4], sum: 6.25, exemplar };
    return { definition, samples: [], histograms: [histogram] };
  });
}

it.skipIf(noPrometheus)(
  'Prometheus reads pages of OpenMetrics, with traces',
  { timeout: 60_000 },
  async () => {
    const asked = new Set<string>();
    const elsewhere = new FamilyWriter('selfJoules');
    elsewhere.add(3, 0);
    const server = createServer((request, response) => {
      const format = askedFormat(request.headers.accept);
      asked.add(format);
      const own = exposition(
        families().filter(({ definition }) => definition !== METRICS.selfJoules),
        format,
      );
      response
        .setHeader('content-type', contentType(format))
        .end(openMetricsPage(own, asOpenMetrics(exposition([elsewhere]))));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const prometheus = await Prometheus.start(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => prometheus.stop());
    while ((await prometheus.value('up')) !== 1) await setTimeout(50);
    expect(asked).toEqual(new Set(['openmetrics']));
    for (const { name, type } of Object.values(METRICS)) {
      const expected = type === 'histogram' ? 4 : name === METRICS.selfJoules.name ? 3 : 7.5;
      expect([name, await prometheus.value(type === 'histogram' ? `${name}_count` : name)]).toEqual([
        name,
        expected,
      ]);
    }
    const { name } = METRICS.functionSeconds;
    expect(await prometheus.value(`${name}_bucket{le="1.0"}`)).toBe(3);
    expect((await prometheus.query(`${name}_sum`))[0]?.labels).toMatchObject({ function: 'a "b" \\ {}' });
    expect(await prometheus.traces(`${name}_bucket`)).toEqual([TRACE]);
  },
);
