import { CALL_STATUSES, type ServedCall } from '../../../model/index.js';

/** Events of calls as they travel: numbers in one row, texts beside them. Structured clones of objects would cost ten times as much. */
const EventKind = { began: 0, ended: 1 } as const;

/** Numbers of the longer event. */
export const MOST_NUMBERS = 17;

const ASYNC = 1;
const COLD = 2;
const NO_TEXT = -1;

const statusCodes = new Map<string, number>(CALL_STATUSES.map((status, code) => [status, code]));

/** Texts of a batch: those that come again and again are kept once. */
export interface TextTable {
  /** Where this text stands; kept once however often it comes. */
  shared(text: string): number;
  /** Where this text stands, that nobody else says. */
  own(text: string): number;
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
  into[at] = EventKind.began;
  into[at + 1] = key;
  into[at + 2] = texts.shared(name);
  into[at + 3] = startedAt;
  return at + 4;
}

export function writeEnded(
  into: Float64Array,
  at: number,
  texts: TextTable,
  key: number,
  call: ServedCall,
): number {
  into[at] = EventKind.ended;
  into[at + 1] = key;
  into[at + 2] = texts.shared(call.function);
  into[at + 3] = call.startedAt;
  into[at + 4] = call.endedAt;
  into[at + 5] = call.arrivedAt;
  into[at + 6] = texts.own(call.id);
  into[at + 7] = texts.shared(call.version);
  into[at + 8] = texts.shared(call.replica);
  into[at + 9] = call.attempt;
  into[at + 10] = (call.isAsync ? ASYNC : 0) + (call.cold ? COLD : 0);
  into[at + 11] = call.coldSeconds ?? Number.NaN;
  into[at + 12] = (statusCodes.get(call.status) ?? 0) + (call.httpStatus ?? 0) * CALL_STATUSES.length;
  into[at + 13] = call.cpuSeconds ?? Number.NaN;
  into[at + 14] = call.requestBytes;
  into[at + 15] = call.responseBytes;
  into[at + 16] = call.traceId === undefined ? NO_TEXT : texts.own(call.traceId);
  return at + MOST_NUMBERS;
}

/** What takes the events that are read. */
export interface CallEvents {
  began(key: number, name: string, startedAt: number): void;
  ended(key: number, call: ServedCall): void;
}

const ifNumber = <Name extends string>(name: Name, value: number): { readonly [_ in Name]?: number } =>
  (Number.isNaN(value) ? {} : { [name]: value }) as { readonly [_ in Name]?: number };

export function readEvents(numbers: Float64Array, texts: readonly string[], events: CallEvents): void {
  const number = (at: number): number => numbers[at] ?? Number.NaN;
  const text = (at: number): string => texts[number(at)] ?? '';
  for (let at = 0; at < numbers.length; ) {
    if (number(at) === EventKind.began) {
      events.began(number(at + 1), text(at + 2), number(at + 3));
      at += 4;
      continue;
    }
    const flags = number(at + 10);
    const states = number(at + 12);
    const httpStatus = Math.floor(states / CALL_STATUSES.length);
    events.ended(number(at + 1), {
      id: text(at + 6),
      function: text(at + 2),
      version: text(at + 7),
      replica: text(at + 8),
      attempt: number(at + 9),
      isAsync: (flags & ASYNC) !== 0,
      arrivedAt: number(at + 5),
      startedAt: number(at + 3),
      endedAt: number(at + 4),
      cold: (flags & COLD) !== 0,
      ...ifNumber('coldSeconds', number(at + 11)),
      status: CALL_STATUSES[states % CALL_STATUSES.length] ?? 'failed',
      ...(httpStatus > 0 && { httpStatus }),
      ...ifNumber('cpuSeconds', number(at + 13)),
      requestBytes: number(at + 14),
      responseBytes: number(at + 15),
      ...(number(at + 16) !== NO_TEXT && { traceId: text(at + 16) }),
    });
    at += MOST_NUMBERS;
  }
}
