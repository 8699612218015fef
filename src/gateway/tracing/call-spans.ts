import type { Attributes, HrTime, SpanKind, SpanStatus } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { ServedCall } from '../../model/index.js';
import { newSpanId } from './trace-context.js';

// The API's enums, which are part of OTLP: types alone are imported, so that nothing is loaded before it is needed.
const INTERNAL: SpanKind = 0;
const SERVER: SpanKind = 1;
const CLIENT: SpanKind = 2;
const UNSET: SpanStatus = { code: 0 };
const ERROR: SpanStatus['code'] = 2;

/** A wait that is shorter is no news. */
const SHORTEST_WAIT_SECONDS = 0.001;

/** What spans of one gateway have in common. */
export interface SpanOrigin {
  readonly resource: Resource;
  readonly version: string;
}

/** A call's place in its trace. */
export interface SpanPlace {
  readonly traceId: string;
  readonly flags: number;
  /** The caller's span, if it told one. */
  readonly callerSpanId: string | undefined;
  /** The call, as the gateway serves it. */
  readonly spanId: string;
  /** The call, as the gateway makes it at the function: the parent of the function's own spans. */
  readonly functionSpanId: string;
}

interface SpanPart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanId: string;
  readonly parentId: string | undefined;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Attributes;
  readonly status?: SpanStatus;
}

function hrTime(seconds: number): HrTime {
  const whole = Math.floor(seconds);
  return [whole, Math.round((seconds - whole) * 1e9)];
}

function span(
  { resource, version }: SpanOrigin,
  { traceId, flags }: SpanPlace,
  part: SpanPart,
): ReadableSpan {
  const { name, kind, spanId, parentId, from, attributes, status = UNSET } = part;
  const to = Math.max(from, part.to);
  const context = { traceId, spanId, traceFlags: flags };
  return {
    name,
    kind,
    spanContext: () => context,
    ...(parentId !== undefined && {
      parentSpanContext: { traceId, spanId: parentId, traceFlags: flags, isRemote: kind === SERVER },
    }),
    startTime: hrTime(from),
    endTime: hrTime(to),
    duration: hrTime(to - from),
    status,
    attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'wattloop', version },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** A served call as spans: the call itself, and within it the wait, the cold start, and the function. */
export function callSpans(
  origin: SpanOrigin,
  place: SpanPlace,
  call: ServedCall,
  more: { readonly method?: string | undefined; readonly energyJoules?: number | undefined },
): ReadableSpan[] {
  const { arrivedAt, startedAt, endedAt, coldSeconds = 0 } = call;
  const { spanId, functionSpanId, callerSpanId } = place;
  const status: SpanStatus = call.status === 'done' ? UNSET : { code: ERROR, message: call.status };
  const make = (part: Omit<SpanPart, 'attributes'> & { readonly attributes?: Attributes }): ReadableSpan =>
    span(origin, place, { ...part, attributes: part.attributes ?? { 'faas.name': call.function } });
  // The cold start is the end of the wait: what was before it was spent in the queue.
  const coldAt = Math.max(arrivedAt, startedAt - coldSeconds);
  const child = { kind: INTERNAL, parentId: spanId } as const;
  const spans = [
    make({
      name: call.function,
      kind: SERVER,
      spanId,
      parentId: callerSpanId,
      from: arrivedAt,
      to: endedAt,
      attributes: callAttributes(call, more),
      status,
    }),
  ];
  if (coldAt - arrivedAt >= SHORTEST_WAIT_SECONDS)
    spans.push(make({ ...child, name: 'queue', spanId: newSpanId(), from: arrivedAt, to: coldAt }));
  if (call.cold)
    spans.push(make({ ...child, name: 'cold start', spanId: newSpanId(), from: coldAt, to: startedAt }));
  spans.push(
    make({
      ...child,
      name: 'function',
      kind: CLIENT,
      spanId: functionSpanId,
      from: startedAt,
      to: endedAt,
      status,
    }),
  );
  return spans;
}

/** A call that no replica was given, as a span. */
export function refusedSpan(
  origin: SpanOrigin,
  place: SpanPlace,
  call: {
    readonly id: string;
    readonly function: string;
    readonly method: string | undefined;
    readonly httpStatus: number;
    readonly reason: string;
    readonly from: number;
    readonly to: number;
  },
): ReadableSpan {
  const { id, method, httpStatus, reason, from, to } = call;
  return span(origin, place, {
    name: call.function,
    kind: SERVER,
    spanId: place.spanId,
    parentId: place.callerSpanId,
    from,
    to,
    attributes: {
      'faas.name': call.function,
      'faas.invocation_id': id,
      'http.response.status_code': httpStatus,
      'error.type': reason,
      ...(method !== undefined && { 'http.request.method': method }),
    },
    status: { code: ERROR, message: reason },
  });
}

function callAttributes(
  call: ServedCall,
  {
    method,
    energyJoules,
  }: { readonly method?: string | undefined; readonly energyJoules?: number | undefined },
): Attributes {
  const { httpStatus, cpuSeconds, status } = call;
  return {
    'faas.name': call.function,
    'faas.version': call.version,
    'faas.instance': call.replica,
    'faas.invocation_id': call.id,
    'faas.coldstart': call.cold,
    'faas.trigger': 'http',
    'http.request.body.size': call.requestBytes,
    'http.response.body.size': call.responseBytes,
    'wattloop.async': call.isAsync,
    'wattloop.attempt': call.attempt,
    ...(method !== undefined && { 'http.request.method': method }),
    ...(httpStatus !== undefined && { 'http.response.status_code': httpStatus }),
    ...(status !== 'done' && { 'error.type': status }),
    ...(cpuSeconds !== undefined && { 'wattloop.cpu_seconds': cpuSeconds }),
    ...(energyJoules !== undefined && { 'wattloop.energy_joules': energyJoules }),
  };
}
