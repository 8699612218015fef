import { describe, expect, it } from 'vitest';
import type { LoadFigures, LoadResult } from '../../../model/index.js';
import { loadText } from '../../terminal/load.js';
import { loadReport } from './load-report.js';

const latency = { count: 90, mean: 0.02, min: 0.001, p50: 0.01, p90: 0.05, p99: 0.2, p999: 0.3, max: 0.4 };
const figures: LoadFigures = {
  due: 100,
  sent: 100,
  done: 90,
  failed: 10,
  failures: {
    not_found: 0,
    too_many: 7,
    client_error: 0,
    server_error: 3,
    timeout: 0,
    connection: 0,
    unsent: 0,
  },
  statuses: { 200: 90, 429: 7, 500: 3 },
  unfinished: 0,
  perSecond: 9,
  latency,
  service: latency,
  requestBytes: 0,
  responseBytes: 2_048,
  cold: 1,
  energy: { calls: 90, joules: 180, joulesPerCall: 2 },
  footprint: undefined,
};
const result: LoadResult = {
  startedAt: 1_700_000_000,
  measuredFrom: 1_700_000_000,
  endedAt: 1_700_000_010,
  warmUpSeconds: 0,
  seconds: 10,
  seed: 1,
  interrupted: false,
  total: figures,
  functions: [{ name: '<b>aes</b>\x1b[31m', url: 'http://a/', arrival: 'constant, 10/s', ...figures }],
  curve: [
    { part: 0, latency: 0.001, service: 0.001 },
    { part: 0.9, latency: 0.05, service: 0.04 },
    { part: 1, latency: 0.4, service: 0.3 },
  ],
  generator: { lateness: latency, heldBack: 0, cpuSeconds: 1, cpuSecondsPerCall: 0.01, connections: 3 },
  findings: ['mind <this>'],
};
const nothing: LoadResult = {
  ...result,
  total: { ...figures, done: 0, latency: undefined, service: undefined, energy: undefined, cold: 0 },
  functions: [],
  curve: [],
  findings: [],
};

describe('the page of a load', () => {
  it('shows functions, latencies, failures and what is to be known', () => {
    const html = loadReport(result, '1.2.3');
    for (const text of [
      '90 calls done',
      '10.00 %',
      '7 refused (429), 3 5xx',
      '2.00 J',
      'mind &lt;this&gt;',
      '90 %',
    ])
      expect(html).toContain(text);
    expect(html).toContain('<path class="line');
    expect(html).not.toContain('<b>aes');
  });

  it('leaves out what there is not', () => {
    const html = loadReport(nothing);
    expect(html).not.toContain('<svg class="chart"');
    expect(html).not.toContain('<h2>Energy</h2>');
  });
});

describe('the table of a load', () => {
  it('shows the same to a terminal, with nothing that moves its cursor', () => {
    const text = loadText(result);
    expect(text).not.toContain('\x1b');
    expect(text).toContain('failed    7 refused (429), 3 5xx');
    expect(text).toContain('energy    2.00 J a call, as 90 answers told');
    expect(text).toContain('cold      1 call waited for a cold start');
    expect(loadText(nothing)).not.toContain('service');
  });
});
