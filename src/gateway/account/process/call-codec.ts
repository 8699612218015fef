import { CALL_STATUSES, type CallOrigin, type ServedCall } from '../../../model/index.js';

/**
 * Events of calls as they travel: numbers in one row, texts beside them. Structured clones of objects would cost ten times as
 * much. The first number of an event tells what else it has.
 */
const BEGAN = 1;
const ASYNC = 2;
const COLD = 4;
const COLD_SECONDS = 8;
const CPU_SECONDS = 16;
const TRACE = 32;
/** The first that is no flag: the place of the status, and what was answered, stand above. */
const STATUS = 64;
const HTTP = STATUS * 8;

/** Between the texts that one call each has: ids are from headers, in which it can't be. */
export const SEPARATOR = '\0';

/** Numbers of the longest event. */
export const MOST_NUMBERS = 12;

const statusCodes = new Map<string, number>(CALL_STATUSES.map((status, code) => [status, code]));

/** Texts of a batch: those that come again and again are kept once. */
export interface TextTable {
  /** Where this text stands; kept once however often it comes. */
  shared(text: string): number;
  /** Where the three texts of this begin; kept once, where it comes twice running. */
  origin(of: CallOrigin): number;
  /** Adds a text that nobody else says; they are read in the order in which they were added. */
  own(text: string): void;
}

/** Writes an event's numbers from `at` on; returns where the next one goes. */
export function writeBegan(
  into: Float64Array,
  at: number,
  texts: TextTable,
  key: number,
  name: string,
  startedAt: number,
): number {
  into[at] = BEGAN;
  into[at + 1] = key;
  into[at + 2] = texts.shared(name);
  into[at + 3] = startedAt;
  return at + 4;
}

export function writeEnded(
  into: Float64Array,
  start: number,
  texts: TextTable,
  key: number,
  call: ServedCall,
): number {
  const { coldSeconds, cpuSeconds, traceId } = call;
  let what = (statusCodes.get(call.status) ?? 0) * STATUS + (call.httpStatus ?? 0) * HTTP;
  let at = start;
  into[at + 1] = key;
  into[at + 2] = texts.origin(call);
  into[at + 3] = call.arrivedAt;
  into[at + 4] = call.startedAt;
  into[at + 5] = call.endedAt;
  into[at + 6] = call.attempt;
  into[at + 7] = call.requestBytes;
  into[at + 8] = call.responseBytes;
  at += 9;
  texts.own(call.id);
  if (call.isAsync) what += ASYNC;
  if (call.cold) what += COLD;
  if (coldSeconds !== undefined) {
    what += COLD_SECONDS;
    into[at++] = coldSeconds;
  }
  if (cpuSeconds !== undefined) {
    what += CPU_SECONDS;
    into[at++] = cpuSeconds;
  }
  if (traceId !== undefined) {
    what += TRACE;
    texts.own(traceId);
  }
  into[start] = what;
  return at;
}

/** What takes the events that are read. */
export interface CallEvents {
  began(key: number, name: string, startedAt: number): void;
  ended(key: number, call: ServedCall): void;
}

/** `shared`: texts by their places; `own`: those of one event each, in order and in one. */
export function readEvents(
  numbers: Float64Array,
  shared: readonly string[],
  own: string,
  events: CallEvents,
): void {
  const number = (at: number): number => numbers[at] ?? Number.NaN;
  const texts = own.split(SEPARATOR);
  let said = 0;
  for (let at = 0; at < numbers.length; ) {
    const what = number(at);
    const place = number(at + 2);
    if (what === BEGAN) {
      events.began(number(at + 1), shared[place] ?? '', number(at + 3));
      at += 4;
      continue;
    }
    const httpStatus = Math.floor(what / HTTP);
    const call: { -readonly [Name in keyof ServedCall]: ServedCall[Name] } = {
      id: texts[said++] ?? '',
      function: shared[place] ?? '',
      version: shared[place + 1] ?? '',
      replica: shared[place + 2] ?? '',
      attempt: number(at + 6),
      isAsync: (what & ASYNC) !== 0,
      arrivedAt: number(at + 3),
      startedAt: number(at + 4),
      endedAt: number(at + 5),
      cold: (what & COLD) !== 0,
      status: CALL_STATUSES[Math.floor(what / STATUS) % (HTTP / STATUS)] ?? 'failed',
      requestBytes: number(at + 7),
      responseBytes: number(at + 8),
    };
    if (httpStatus > 0) call.httpStatus = httpStatus;
    const key = number(at + 1);
    at += 9;
    if ((what & COLD_SECONDS) !== 0) call.coldSeconds = number(at++);
    if ((what & CPU_SECONDS) !== 0) call.cpuSeconds = number(at++);
    if ((what & TRACE) !== 0) call.traceId = texts[said++] ?? '';
    events.ended(key, call);
  }
}
