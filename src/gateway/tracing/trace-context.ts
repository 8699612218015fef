import { randomFillSync } from 'node:crypto';

/** Where a call stands in a trace: W3C trace context, version 00. */
export interface TraceContext {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all 0: the span that the call is part of. */
  readonly spanId: string;
  readonly flags: number;
}

export const SAMPLED = 0x01;
/** The flags that have a meaning: sampled, and chance in the trace's id. Others must not be passed on. */
const KNOWN_FLAGS = 0x03;

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** What a `traceparent` says; undefined where it says nothing that can be understood. Later versions are read as this one. */
export function parseTraceparent(header: string | readonly string[] | undefined): TraceContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header.trim()) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

export const formatTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;

export const isSampled = ({ flags }: TraceContext): boolean => (flags & SAMPLED) !== 0;

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
/** Asking the system for chance costs more than chance itself: it is asked for many ids at once. */
const chance = Buffer.alloc(4_096);
let used = chance.length;

function randomHex(bytes: number): string {
  for (;;) {
    if (used + bytes > chance.length) {
      randomFillSync(chance);
      used = 0;
    }
    const id = chance.toString('hex', used, used + bytes);
    used += bytes;
    // All zeros mean "none".
    if (/[^0]/.test(id)) return id;
  }
}

export const newTraceId = (): string => randomHex(TRACE_BYTES);
export const newSpanId = (): string => randomHex(SPAN_BYTES);
