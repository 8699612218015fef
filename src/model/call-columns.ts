import { enlarged } from '../maths/index.js';
import { type AccountedCall, CALL_STATUSES, type CallEnergy } from './served-call.js';

/** Who answered a call. */
export type CallOrigin = Pick<AccountedCall, 'function' | 'version' | 'replica'>;

/** Where a call's energy comes from. */
export type EnergyOrigin = Pick<CallEnergy, 'source' | 'provenance'>;

/**
 * What is a number in a call, or stands for what is none: the place of its origin, of its status in `CALL_STATUSES`, 1 for
 * yes. NaN is what it does not have.
 */
export const CALL_NUMBERS = [
  'origin',
  'attempt',
  'isAsync',
  'arrivedAt',
  'startedAt',
  'endedAt',
  'cold',
  'coldSeconds',
  'status',
  'httpStatus',
  'cpuSeconds',
  'requestBytes',
  'responseBytes',
  'joules',
  'idleJoules',
  'energyOrigin',
] as const;
export type CallNumber = (typeof CALL_NUMBERS)[number];
export type CallNumbers = Record<CallNumber, Float64Array>;

// What is added to a call and stands in no column would be lost in silence: it does not compile until it stands here too.
type Kept = CallNumber | keyof CallOrigin | 'id' | 'traceId' | 'energy';
type Forgotten = Exclude<keyof AccountedCall | Exclude<keyof CallEnergy, keyof EnergyOrigin>, Kept>;
const nothingForgotten: Forgotten extends never ? true : Forgotten = true;
void nothingForgotten;

/** What columns are made of. */
export interface CallColumnParts {
  readonly length: number;
  readonly numbers: CallNumbers;
  readonly ids: readonly string[];
  readonly traceIds: readonly string[];
  readonly origins: readonly CallOrigin[];
  readonly energyOrigins: readonly EnergyOrigin[];
}

const INITIAL = 16;

const statusPlaces = new Map<string, number>(CALL_STATUSES.map((status, place) => [status, place]));

const isSameOrigin = (a: CallOrigin | undefined, b: CallOrigin): boolean =>
  a?.replica === b.replica && a.function === b.function && a.version === b.version;

const byColumn = (make: (name: CallNumber) => Float64Array): CallNumbers =>
  Object.fromEntries(CALL_NUMBERS.map((name) => [name, make(name)])) as CallNumbers;

/**
 * Many calls, column by column: so a million of them cost neither a million objects nor the search for those that are no
 * longer needed.
 */
export class CallColumns {
  /** Those of them up to `length` are in use. */
  readonly numbers: CallNumbers;
  readonly ids: string[];
  /** '' where there is none. */
  readonly traceIds: string[];
  readonly origins: CallOrigin[];
  readonly energyOrigins: EnergyOrigin[];
  #length: number;
  /** Places of origins, by their replica: where there is one it seldom is another function's too. */
  readonly #places = new Map<string, number[]>();
  #latestOrigin = 0;

  static of(calls: Iterable<AccountedCall>): CallColumns {
    const columns = new CallColumns();
    for (const call of calls) columns.push(call);
    return columns;
  }

  /** None, with room for so many before any needs to be moved. */
  static withRoom(capacity: number): CallColumns {
    return new CallColumns({ numbers: byColumn(() => new Float64Array(Math.max(INITIAL, capacity))) });
  }

  constructor(parts: Partial<CallColumnParts> = {}) {
    this.#length = parts.length ?? 0;
    this.numbers = parts.numbers ?? byColumn(() => new Float64Array(INITIAL));
    this.ids = [...(parts.ids ?? [])];
    this.traceIds = [...(parts.traceIds ?? [])];
    this.origins = [...(parts.origins ?? [])];
    this.energyOrigins = [...(parts.energyOrigins ?? [])];
    for (const [place, origin] of this.origins.entries()) this.#note(origin, place);
  }

  get length(): number {
    return this.#length;
  }

  push(call: AccountedCall): void {
    const { numbers } = this;
    const { energy } = call;
    const at = this.#room();
    numbers.origin[at] = this.#originOf(call);
    numbers.attempt[at] = call.attempt;
    numbers.isAsync[at] = call.isAsync ? 1 : 0;
    numbers.arrivedAt[at] = call.arrivedAt;
    numbers.startedAt[at] = call.startedAt;
    numbers.endedAt[at] = call.endedAt;
    numbers.cold[at] = call.cold ? 1 : 0;
    numbers.coldSeconds[at] = call.coldSeconds ?? Number.NaN;
    numbers.status[at] = statusPlaces.get(call.status) ?? Number.NaN;
    numbers.httpStatus[at] = call.httpStatus ?? Number.NaN;
    numbers.cpuSeconds[at] = call.cpuSeconds ?? Number.NaN;
    numbers.requestBytes[at] = call.requestBytes;
    numbers.responseBytes[at] = call.responseBytes;
    numbers.joules[at] = energy?.joules ?? Number.NaN;
    numbers.idleJoules[at] = energy?.idleJoules ?? Number.NaN;
    numbers.energyOrigin[at] = energy === undefined ? Number.NaN : this.energyOriginOf(energy);
    this.ids[at] = call.id;
    this.traceIds[at] = call.traceId ?? '';
  }

  /** Adds a call of others. */
  pushFrom(others: CallColumns, index: number): void {
    const at = this.#room();
    for (const name of CALL_NUMBERS) this.numbers[name][at] = others.numbers[name][index] ?? Number.NaN;
    this.ids[at] = others.ids[index] ?? '';
    this.traceIds[at] = others.traceIds[index] ?? '';
    const origin = others.originAt(index);
    if (origin !== undefined) this.numbers.origin[at] = this.#originOf(origin);
    const energy = others.energyOrigins[others.numbers.energyOrigin[index] ?? Number.NaN];
    if (energy !== undefined) this.numbers.energyOrigin[at] = this.energyOriginOf(energy);
  }

  /** Keeps some in their order, and forgets the others. */
  keep(isKept: (index: number) => boolean): void {
    let to = 0;
    for (let index = 0; index < this.#length; index++) {
      if (!isKept(index)) continue;
      if (to < index) this.#move(index, to);
      to++;
    }
    this.#length = to;
    this.ids.length = to;
    this.traceIds.length = to;
  }

  /** Some of them that follow one another. The numbers are these very ones, not others that are alike. */
  slice(from: number, to: number): CallColumns {
    const end = Math.min(to, this.#length);
    return new CallColumns({
      origins: this.origins,
      energyOrigins: this.energyOrigins,
      numbers: byColumn((name) => this.numbers[name].subarray(from, end)),
      ids: this.ids.slice(from, end),
      traceIds: this.traceIds.slice(from, end),
      length: Math.max(0, end - from),
    });
  }

  originAt(index: number): CallOrigin | undefined {
    return this.origins[this.numbers.origin[index] ?? Number.NaN];
  }

  /** The place of where energy comes from, which is added when it is new. */
  energyOriginOf({ source, provenance }: EnergyOrigin): number {
    const place = this.energyOrigins.findIndex(
      (each) => each.source === source && each.provenance === provenance,
    );
    return place >= 0 ? place : this.energyOrigins.push({ source, provenance }) - 1;
  }

  at(index: number): AccountedCall {
    const { numbers } = this;
    const number = (name: CallNumber): number => numbers[name][index] ?? Number.NaN;
    const ifAny = <Name extends CallNumber>(name: Name): { readonly [_ in Name]?: number } =>
      (Number.isNaN(number(name)) ? {} : { [name]: number(name) }) as { readonly [_ in Name]?: number };
    const traceId = this.traceIds[index] ?? '';
    const energy = this.energyOrigins[number('energyOrigin')];
    return {
      id: this.ids[index] ?? '',
      ...(this.originAt(index) ?? { function: '', version: '', replica: '' }),
      attempt: number('attempt'),
      isAsync: number('isAsync') === 1,
      arrivedAt: number('arrivedAt'),
      startedAt: number('startedAt'),
      endedAt: number('endedAt'),
      cold: number('cold') === 1,
      ...ifAny('coldSeconds'),
      status: CALL_STATUSES[number('status')] ?? 'failed',
      ...ifAny('httpStatus'),
      ...ifAny('cpuSeconds'),
      requestBytes: number('requestBytes'),
      responseBytes: number('responseBytes'),
      ...(traceId !== '' && { traceId }),
      ...(energy && { energy: { joules: number('joules'), ...ifAny('idleJoules'), ...energy } }),
    };
  }

  *[Symbol.iterator](): Generator<AccountedCall> {
    for (let index = 0; index < this.#length; index++) yield this.at(index);
  }

  #room(): number {
    const at = this.#length++;
    if (at >= this.numbers.origin.length)
      for (const name of CALL_NUMBERS) this.numbers[name] = enlarged(this.numbers[name], at * 2);
    return at;
  }

  #move(from: number, to: number): void {
    for (const name of CALL_NUMBERS) this.numbers[name][to] = this.numbers[name][from] ?? Number.NaN;
    this.ids[to] = this.ids[from] ?? '';
    this.traceIds[to] = this.traceIds[from] ?? '';
  }

  #originOf(origin: CallOrigin): number {
    // Calls of one replica often follow one another.
    if (isSameOrigin(this.origins[this.#latestOrigin], origin)) return this.#latestOrigin;
    const places = this.#places.get(origin.replica) ?? [];
    this.#latestOrigin =
      places.find((place) => isSameOrigin(this.origins[place], origin)) ?? this.#add(origin);
    return this.#latestOrigin;
  }

  #add({ function: name, version, replica }: CallOrigin): number {
    const origin = { function: name, version, replica };
    const place = this.origins.push(origin) - 1;
    this.#note(origin, place);
    return place;
  }

  #note({ replica }: CallOrigin, place: number): void {
    const places = this.#places.get(replica);
    if (places) places.push(place);
    else this.#places.set(replica, [place]);
  }
}
