import {
  type AccountedCall,
  type CallEnergy,
  type CallStatus,
  PROVENANCES,
  SOURCE_NAMES,
} from '../../model/index.js';
import type { SqlValue } from '../sqlite/connection.js';
import { number, numberOrNone, type Row, text, textOrNone } from '../sqlite/row.js';
import { fromMicros, toMicros } from './micros.js';
import type { Names } from './names.js';

/** What is written for each status. It stands in files: never change one, only add. */
export const STATUS_CODES = {
  done: 0,
  failed: 1,
  timed_out: 2,
  crashed: 3,
  out_of_memory: 4,
  cancelled: 5,
} as const satisfies Record<CallStatus, number>;

const STATUSES = new Map<number, CallStatus>();
for (const status of Object.keys(STATUS_CODES) as CallStatus[]) STATUSES.set(STATUS_CODES[status], status);

const ASYNC = 1;
const COLD = 2;

/** The columns of a call, in the order of `encodeCall`. `key` is when it ended, made distinct by being `late`. */
export const CALL_COLUMNS = [
  'key',
  'function',
  'status',
  'late',
  'id',
  'version',
  'replica',
  'attempt',
  'flags',
  'waited',
  'took',
  'cold_seconds',
  'http_status',
  'cpu_seconds',
  'request_bytes',
  'response_bytes',
  'trace_id',
  'joules',
  'idle_joules',
  'energy',
] as const;

// What is added to a call and not kept would be lost in silence: it does not compile until it stands here too.
type Kept =
  | 'id'
  | 'function'
  | 'version'
  | 'replica'
  | 'attempt'
  | 'isAsync'
  | 'arrivedAt'
  | 'startedAt'
  | 'endedAt'
  | 'cold'
  | 'coldSeconds'
  | 'status'
  | 'httpStatus'
  | 'cpuSeconds'
  | 'requestBytes'
  | 'responseBytes'
  | 'traceId'
  | 'energy';
type Forgotten = Exclude<keyof AccountedCall, Kept>;
const nothingForgotten: Forgotten extends never ? true : Forgotten = true;
void nothingForgotten;

const energyName = ({ source, provenance }: CallEnergy): string => `${source} ${provenance}`;

/** Adds a call's values to those of a statement that inserts many: one list, as lists of lists cost more than the rest. */
export function encodeCall(call: AccountedCall, key: number, names: Names, into: SqlValue[]): void {
  const { energy, endedAt } = call;
  const started = toMicros(call.startedAt);
  const ended = toMicros(endedAt);
  into.push(
    key,
    names.keyOf('function', call.function, endedAt),
    STATUS_CODES[call.status],
    key - ended,
    call.id,
    names.keyOf('version', call.version, endedAt),
    names.keyOf('replica', call.replica, endedAt),
    call.attempt,
    (call.isAsync ? ASYNC : 0) | (call.cold ? COLD : 0),
    started - toMicros(call.arrivedAt),
    ended - started,
    call.coldSeconds ?? null,
    call.httpStatus ?? null,
    call.cpuSeconds ?? null,
    call.requestBytes,
    call.responseBytes,
    call.traceId ?? null,
    energy?.joules ?? null,
    energy?.idleJoules ?? null,
    energy === undefined ? null : names.keyOf('energy', energyName(energy), endedAt),
  );
}

function decodeEnergy(row: Row, names: Names): CallEnergy | undefined {
  const key = numberOrNone(row, 'energy');
  if (key === undefined) return undefined;
  const [sourceName, provenanceName] = names.nameOf(key).split(' ');
  const source = SOURCE_NAMES.find((each) => each === sourceName);
  const provenance = PROVENANCES.find((each) => each === provenanceName);
  if (source === undefined || provenance === undefined) return undefined;
  const idleJoules = numberOrNone(row, 'idle_joules');
  return {
    joules: number(row, 'joules'),
    ...(idleJoules !== undefined && { idleJoules }),
    source,
    provenance,
  };
}

export function decodeCall(row: Row, names: Names): AccountedCall {
  const ended = number(row, 'key') - number(row, 'late');
  const started = ended - number(row, 'took');
  const flags = number(row, 'flags');
  const coldSeconds = numberOrNone(row, 'cold_seconds');
  const httpStatus = numberOrNone(row, 'http_status');
  const cpuSeconds = numberOrNone(row, 'cpu_seconds');
  const traceId = textOrNone(row, 'trace_id');
  const energy = decodeEnergy(row, names);
  return {
    id: text(row, 'id'),
    function: names.nameOf(number(row, 'function')),
    version: names.nameOf(number(row, 'version')),
    replica: names.nameOf(number(row, 'replica')),
    attempt: number(row, 'attempt'),
    isAsync: (flags & ASYNC) !== 0,
    arrivedAt: fromMicros(started - number(row, 'waited')),
    startedAt: fromMicros(started),
    endedAt: fromMicros(ended),
    cold: (flags & COLD) !== 0,
    ...(coldSeconds !== undefined && { coldSeconds }),
    status: STATUSES.get(number(row, 'status')) ?? 'failed',
    ...(httpStatus !== undefined && { httpStatus }),
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    requestBytes: number(row, 'request_bytes'),
    responseBytes: number(row, 'response_bytes'),
    ...(traceId !== undefined && { traceId }),
    ...(energy !== undefined && { energy }),
  };
}
