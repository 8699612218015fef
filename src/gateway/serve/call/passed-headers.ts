import { ReplicaHeader } from '../../../compute/index.js';
import { HOP_BY_HOP } from '../../hop-by-hop.js';
import type { CallTrace } from '../../tracing/tracer.js';

/** What the gateway says itself, and nobody may say in its place. */
const OWN: ReadonlySet<string> = new Set([
  'x-call-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-start-time',
]);

const INTERNAL: ReadonlySet<string> = new Set(Object.values(ReplicaHeader));

/** Headers that the sender named in `Connection` as not to be passed on. */
function namedIn(raw: readonly string[]): ReadonlySet<string> | undefined {
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.length !== 10 || raw[i]?.toLowerCase() !== 'connection') continue;
    const names = (raw[i + 1] ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim());
    if (names.some((name) => name !== 'keep-alive' && name !== 'close')) return new Set(names);
  }
  return undefined;
}

/** The headers of a request as its function gets them; the gateway adds its own, and its place in the call's trace. */
export function requestHeaders(
  raw: readonly string[],
  added: readonly string[],
  { traceparent, dropsState }: Pick<CallTrace, 'traceparent' | 'dropsState'>,
): string[] {
  const named = namedIn(raw);
  const passed: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || OWN.has(lower) || named?.has(lower)) continue;
    if (traceparent !== undefined && lower === 'traceparent') continue;
    if (dropsState && lower === 'tracestate') continue;
    passed.push(name, raw[i + 1] ?? '');
  }
  passed.push(...added);
  if (traceparent !== undefined) passed.push('traceparent', traceparent);
  return passed;
}

export interface AnswerHeaders {
  /** To the caller. */
  readonly headers: string[];
  /** What the replica says of the call. */
  readonly cpuSeconds: number | undefined;
  readonly failure: string | undefined;
}

/** The headers of an answer as the caller gets them, and what the replica told with them. */
export function answerHeaders(raw: readonly (Buffer | string)[]): AnswerHeaders {
  const headers: string[] = [];
  let cpuSeconds: number | undefined;
  let failure: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = String(raw[i]);
    const value = raw[i + 1];
    // Header values are bytes; latin1 keeps each as it is.
    const text = typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
    const lower = name.toLowerCase();
    if (INTERNAL.has(lower)) {
      if (lower === ReplicaHeader.cpuSeconds) cpuSeconds = amountIn(text);
      else failure = text;
    } else if (!HOP_BY_HOP.has(lower)) headers.push(name, text);
  }
  return { headers, cpuSeconds, failure };
}

/** A finite number that is not negative, or nothing. */
export function amountIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const amount = Number(text);
  return Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}
