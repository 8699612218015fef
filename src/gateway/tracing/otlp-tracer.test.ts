import { describe, expect, it, onTestFinished } from 'vitest';
import { createHost, createLogger, type Host, ManualClock, silentLogger } from '../../base/index.js';
import type { ServedCall } from '../../model/index.js';
import { type OtlpSpan, TraceCollector } from '../testing/trace-collector.js';
import { openOtlpTracer } from './otlp-tracer.js';
import { parseTraceparent } from './trace-context.js';
import { passingTracer, type Tracer } from './tracer.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE}-${CALLER}-01`;

const served = (changes: Partial<ServedCall> = {}): ServedCall => ({
  id: 'call-1',
  function: 'resize',
  version: 'v3',
  replica: 'resize-7',
  attempt: 1,
  isAsync: false,
  arrivedAt: 1_700_000_000.25,
  startedAt: 1_700_000_000.75,
  endedAt: 1_700_000_002,
  cold: true,
  coldSeconds: 0.4,
  status: 'done',
  httpStatus: 200,
  cpuSeconds: 0.5,
  requestBytes: 10,
  responseBytes: 20,
  ...changes,
});

async function collector(): Promise<TraceCollector> {
  const made = await new TraceCollector().open();
  onTestFinished(() => made.close());
  return made;
}

const open = (
  endpoint: string,
  host: Host = createHost({ log: silentLogger, clock: new ManualClock() }),
  intervalSeconds = 3_600,
): Promise<Tracer> => openOtlpTracer(host, { endpoint, version: '1.2.3', intervalSeconds });

const seconds = ({ startTimeUnixNano: from, endTimeUnixNano: to }: OtlpSpan): readonly number[] =>
  [from, to].map((at) => Number(at - 1_700_000_000n * 1_000_000_000n) / 1e9);

describe('a traced call', () => {
  it('is told as a span with its wait, its cold start and its function', async () => {
    const there = await collector();
    const tracer = await open(there.url);
    const trace = tracer.begin({ traceparent: SAMPLED }, 'resize', 'POST');
    trace.end(served(), 12.5);
    await tracer.close();
    expect(there.paths).toEqual(['/v1/traces']);
    expect(there.resource).toMatchObject({ 'service.name': 'wattloop-gateway', 'service.version': '1.2.3' });
    const [call, queue, cold, inner] = there.spans;
    expect(there.spans.map(({ name, kind }) => [name, kind])).toEqual([
      ['resize', 2],
      ['queue', 1],
      ['cold start', 1],
      ['function', 3],
    ]);
    expect(new Set(there.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(call?.parentSpanId).toBe(CALLER);
    for (const part of [queue, cold, inner]) expect(part?.parentSpanId).toBe(call?.spanId);
    expect(there.spans.map((span) => seconds(span).map((at) => at.toFixed(6)))).toEqual([
      ['0.250000', '2.000000'],
      ['0.250000', '0.350000'],
      ['0.350000', '0.750000'],
      ['0.750000', '2.000000'],
    ]);
    expect(call?.attributes).toEqual({
      'faas.name': 'resize',
      'faas.version': 'v3',
      'faas.instance': 'resize-7',
      'faas.invocation_id': 'call-1',
      'faas.coldstart': true,
      'faas.trigger': 'http',
      'http.request.method': 'POST',
      'http.request.body.size': 10,
      'http.response.body.size': 20,
      'http.response.status_code': 200,
      'wattloop.async': false,
      'wattloop.attempt': 1,
      'wattloop.cpu_seconds': 0.5,
      'wattloop.energy_joules': 12.5,
    });
    expect(call?.status.code).toBe(0);
    // What the function does is part of the gateway's span of it.
    expect(parseTraceparent(trace.traceparent)).toEqual({ traceId: TRACE, spanId: inner?.spanId, flags: 1 });
    expect(trace.traceId).toBe(TRACE);
    expect(trace.dropsState).toBe(false);
  });

  it('begins a trace where the caller has none, and tells why it failed', async () => {
    const there = await collector();
    const tracer = await open(`${there.url}/v1/traces`);
    for (const headers of [{}, { traceparent: 'nonsense', tracestate: 'a=1' }]) {
      const trace = tracer.begin(headers, 'resize');
      expect(trace.dropsState).toBe(true);
      expect(parseTraceparent(trace.traceparent)?.traceId).toBe(trace.traceId);
      trace.end(served({ cold: false, startedAt: 1_700_000_000.2501, status: 'crashed', httpStatus: 502 }));
    }
    await tracer.close();
    expect(there.paths).toEqual(['/v1/traces']);
    const calls = there.spans.filter(({ name }) => name === 'resize');
    expect(there.spans).toHaveLength(4);
    expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(2);
    for (const call of calls) {
      expect(call).not.toHaveProperty('parentSpanId');
      expect(call).toMatchObject({ status: { code: 2, message: 'crashed' } });
      expect(call.attributes).toMatchObject({ 'error.type': 'crashed', 'http.response.status_code': 502 });
      expect(call.attributes).not.toHaveProperty('wattloop.energy_joules');
    }
  });

  it('that no replica was given is told too', async () => {
    const there = await collector();
    const clock = new ManualClock();
    const tracer = await open(there.url, createHost({ log: silentLogger, clock }));
    const trace = tracer.begin({ traceparent: SAMPLED }, 'resize', 'GET');
    clock.advance(1.5);
    trace.refused({ id: 'call-2', httpStatus: 429, reason: 'queue_full' });
    await tracer.close();
    const [span] = there.spans;
    expect(there.spans).toHaveLength(1);
    expect(span && seconds(span)).toEqual([0, 1.5]);
    expect(span).toMatchObject({ name: 'resize', parentSpanId: CALLER, status: { code: 2 } });
    expect(span?.attributes).toMatchObject({ 'error.type': 'queue_full', 'http.response.status_code': 429 });
  });

  it('is left out where the caller does not record its trace', async () => {
    const there = await collector();
    const tracer = await open(there.url);
    const trace = tracer.begin({ traceparent: `00-${TRACE}-${CALLER}-00` }, 'resize');
    expect(trace).toMatchObject({ traceparent: undefined, traceId: undefined, dropsState: false });
    trace.end(served());
    await tracer.close();
    expect(there.spans).toEqual([]);
  });
});

describe('a collector', () => {
  it('that takes nothing is told of once, and once when it takes spans again', async () => {
    const there = await collector();
    const lines: string[] = [];
    const log = createLogger('info', (line) => lines.push(line));
    const tracer = await open(there.url, createHost({ log }), 0.01);
    // Not one of the statuses after which an export is tried again by itself.
    there.status = 400;
    const deliver = async (): Promise<void> => {
      const exported = there.next();
      tracer.begin({}, 'resize').end(served());
      await exported;
    };
    await deliver();
    await deliver();
    there.status = 200;
    await deliver();
    await tracer.close();
    expect(lines).toEqual([
      expect.stringContaining('does not take the spans'),
      expect.stringContaining('takes the spans again'),
    ]);
  });

  it('that is not there costs no call anything, and the end little', async () => {
    const tracer = await open('http://127.0.0.1:9');
    for (let call = 0; call < 20_000; call++) tracer.begin({}, 'resize').end(served());
    await tracer.close();
  });
});

describe('without a collector', () => {
  it('traces pass through unchanged', () => {
    expect(passingTracer.begin({ traceparent: SAMPLED }, 'resize')).toMatchObject({
      traceparent: undefined,
      traceId: TRACE,
      dropsState: false,
    });
    expect(passingTracer.begin({ traceparent: 'nonsense' }, 'resize')).toMatchObject({ traceId: undefined });
    const trace = passingTracer.begin({}, 'resize');
    expect(trace).toMatchObject({ traceparent: undefined, traceId: undefined });
    trace.end(served());
  });
});
