import { ErrorCode, WattloopError } from '../../base/index.js';
import {
  CALL_NUMBERS,
  CallColumns,
  type CallNumber,
  type CallNumbers,
  type CallOrigin,
  type EnergyOrigin,
} from '../../model/index.js';
import { fromJson } from '../sqlite/json.js';
import { fromMicros, toMicros } from './micros.js';
import { aligned, type ColumnForm, packColumn, unpackColumn, widthOf } from './packed-column.js';

/** How to read a block. It stands in files. */
interface About {
  /** In the order in which they stand, before the texts. */
  readonly columns: readonly (readonly [name: string, ...form: ColumnForm])[];
  readonly origins: readonly CallOrigin[];
  readonly energyOrigins: readonly EnergyOrigin[];
  /** Bytes of the ids; trace ids follow where there are any. */
  readonly idBytes: number;
}

/** Calls in the order in which they ended, as they are kept. */
export interface CallBlock {
  readonly about: string;
  readonly bytes: Uint8Array;
  readonly calls: CallColumns;
  /** Microseconds since 1970 at which each ended. */
  readonly ended: Float64Array;
}

const SEPARATOR = '\0';
const HALF_CHARACTER = /[\ud800-\udfff]/u;
/** What a call may do without. */
const IF_ANY: ReadonlySet<CallNumber> = new Set([
  'coldSeconds',
  'httpStatus',
  'cpuSeconds',
  'joules',
  'idleJoules',
  'energyOrigin',
]);
/** Kept as whole microseconds: the end, how long it took before that, and how long it had waited before that. */
const TIMES = { endedAt: 'ended', startedAt: 'took', arrivedAt: 'waited' } as const;

const refused = (what: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `a call can't be kept: ${what}`);

function checkNumbers(name: CallNumber, values: Float64Array): void {
  const mayLack = IF_ANY.has(name);
  for (const value of values)
    if (!(Number.isFinite(value) || (mayLack && Number.isNaN(value))))
      throw refused(`its ${name} is ${value}`);
}

function joined(texts: readonly string[]): Uint8Array {
  const text = texts.join(SEPARATOR);
  if (HALF_CHARACTER.test(text) || texts.some((each) => each.includes(SEPARATOR)))
    throw refused('its id holds unfit characters');
  return Buffer.from(text);
}

/** The places of calls in the order in which they ended; undefined where that is how they stand. */
function order(endedAt: Float64Array): Uint32Array | undefined {
  for (let index = 1; index < endedAt.length; index++)
    if ((endedAt[index] ?? 0) < (endedAt[index - 1] ?? 0))
      return Uint32Array.from(endedAt, (_, place) => place).sort(
        (a, b) => (endedAt[a] ?? 0) - (endedAt[b] ?? 0) || a - b,
      );
  return undefined;
}

const inOrder = (calls: CallColumns): CallColumns => {
  const places = order(calls.numbers.endedAt.subarray(0, calls.length));
  if (places === undefined) return calls;
  const sorted = new CallColumns();
  for (const place of places) sorted.pushFrom(calls, place);
  return sorted;
};

/** The origins that these calls have, and each call's place among them: what a block is cut from may have many more. */
function ownOrigins({ origins, numbers, length }: CallColumns): {
  readonly origins: readonly CallOrigin[];
  readonly places: Float64Array;
} {
  const own: CallOrigin[] = [];
  const placeOf = new Map<number, number>();
  const places = numbers.origin.slice(0, length).map((origin) => {
    const known = placeOf.get(origin);
    const named = origins[origin];
    if (known !== undefined || named === undefined) return known ?? Number.NaN;
    placeOf.set(origin, own.length);
    return own.push(named) - 1;
  });
  return { origins: own, places };
}

/** Throws where something could not be read back as it was. */
export function packCalls(calls: CallColumns): CallBlock {
  const sorted = inOrder(calls);
  const { length, numbers, energyOrigins } = sorted;
  const { origins, places } = ownOrigins(sorted);
  const columns: [name: string, ...form: ColumnForm][] = [];
  const parts: Uint8Array[] = [];
  const add = (name: string, values: Float64Array): void => {
    const { form, bytes } = packColumn(values);
    columns.push([name, ...form]);
    parts.push(bytes, new Uint8Array(aligned(bytes.length) - bytes.length));
  };
  const micros = (name: keyof typeof TIMES): Float64Array => {
    checkNumbers(name, numbers[name].subarray(0, length));
    const values = new Float64Array(length);
    for (let index = 0; index < length; index++) values[index] = toMicros(numbers[name][index] ?? 0);
    return values;
  };
  const [ended, started, arrived] = [micros('endedAt'), micros('startedAt'), micros('arrivedAt')];
  add(TIMES.endedAt, ended);
  add(TIMES.startedAt, between(started, ended));
  add(TIMES.arrivedAt, between(arrived, started));
  for (const name of CALL_NUMBERS) {
    if (name in TIMES) continue;
    const values = name === 'origin' ? places : numbers[name].subarray(0, length);
    checkNumbers(name, values);
    add(name, values);
  }
  const ids = joined(sorted.ids);
  parts.push(ids);
  if (sorted.traceIds.some((each) => each !== '')) parts.push(joined(sorted.traceIds));
  const about: About = { columns, origins, energyOrigins, idBytes: ids.length };
  return { about: JSON.stringify(about), bytes: Buffer.concat(parts), ended, calls: sorted };
}

function between(from: Float64Array, to: Float64Array): Float64Array {
  const seconds = new Float64Array(from.length);
  for (let index = 0; index < from.length; index++) seconds[index] = (to[index] ?? 0) - (from[index] ?? 0);
  return seconds;
}

/** The calls of a block, and when each ended: microseconds since 1970. */
export function unpackCalls(
  about: string,
  bytes: ArrayBuffer,
  length: number,
): { calls: CallColumns; ended: Float64Array } {
  const { columns, origins, energyOrigins, idBytes } = fromJson<About>(about, 'a block of calls');
  const byName = new Map<string, Float64Array>();
  let offset = 0;
  for (const [name, ...form] of columns) {
    byName.set(name, unpackColumn(form, bytes, offset, length));
    offset += aligned(length * widthOf(form));
  }
  const column = (name: string): Float64Array =>
    byName.get(name) ?? new Float64Array(length).fill(Number.NaN);
  const ended = column(TIMES.endedAt);
  const started = between(column(TIMES.startedAt), ended);
  const arrived = between(column(TIMES.arrivedAt), started);
  const numbers: CallNumbers = {
    ...(Object.fromEntries(CALL_NUMBERS.map((name) => [name, column(name)])) as CallNumbers),
    endedAt: ended.map(fromMicros),
    startedAt: started.map(fromMicros),
    arrivedAt: arrived.map(fromMicros),
  };
  const texts = (from: number, to: number): string[] =>
    Buffer.from(bytes, from, to - from)
      .toString()
      .split(SEPARATOR);
  const traces = offset + idBytes;
  return {
    calls: new CallColumns({
      length,
      numbers,
      ids: texts(offset, traces),
      traceIds: bytes.byteLength > traces ? texts(traces, bytes.byteLength) : [],
      origins,
      energyOrigins,
    }),
    ended,
  };
}
