import { enlarged } from '../../../maths/index.js';
import { CallColumns, type EnergyOrigin, type ServedCall } from '../../../model/index.js';
import type { RunningCall } from './running-call.js';

const INITIAL = 16;

/** Calls that have ended and wait for their energy, by column: a busy minute has hundreds of thousands. */
export class EndedCalls {
  /** As they were told, by whatever clock; their joules are what they were given so far. */
  readonly calls: CallColumns;
  /** When they began and ended by the clock of the account, and until when their energy is settled. */
  from: Float64Array;
  until: Float64Array;
  settledTo: Float64Array;

  /** With room for so many before any needs to be moved. */
  constructor(capacity = INITIAL) {
    const room = Math.max(INITIAL, capacity);
    this.calls = CallColumns.withRoom(room);
    this.from = new Float64Array(room);
    this.until = new Float64Array(room);
    this.settledTo = new Float64Array(room);
  }

  get length(): number {
    return this.calls.length;
  }

  push(call: ServedCall, { startedAt, settledTo, joules, idleJoules }: RunningCall, until: number): void {
    const at = this.#room();
    this.from[at] = startedAt;
    this.until[at] = until;
    this.settledTo[at] = settledTo;
    this.calls.push(call);
    this.calls.numbers.joules[at] = joules;
    this.calls.numbers.idleJoules[at] = idleJoules;
  }

  /** Those that ended by then, each with its energy where all of its time was measured, and those that wait on. None is left here. */
  split(to: number, origin: EnergyOrigin | undefined): { over: CallColumns; waiting: EndedCalls } {
    const isOver = (index: number): boolean => (this.until[index] ?? 0) <= to;
    // About as many will end until the next time.
    const waiting = new EndedCalls(this.length);
    for (let index = 0; index < this.length; index++) if (!isOver(index)) waiting.#pushFrom(this, index);
    if (waiting.length > 0) this.calls.keep(isOver);
    tellEnergy(this.calls, origin);
    return { over: this.calls, waiting };
  }

  /** The clock was set. */
  moveBy(seconds: number): void {
    for (const column of [this.from, this.until, this.settledTo])
      for (let index = 0; index < this.length; index++) column[index] = (column[index] ?? 0) + seconds;
  }

  #pushFrom(others: EndedCalls, index: number): void {
    const at = this.#room();
    this.from[at] = others.from[index] ?? 0;
    this.until[at] = others.until[index] ?? 0;
    this.settledTo[at] = others.settledTo[index] ?? 0;
    this.calls.pushFrom(others.calls, index);
  }

  #room(): number {
    const at = this.length;
    if (at < this.from.length) return at;
    this.from = enlarged(this.from, at * 2);
    this.until = enlarged(this.until, at * 2);
    this.settledTo = enlarged(this.settledTo, at * 2);
    return at;
  }
}

function tellEnergy(calls: CallColumns, origin: EnergyOrigin | undefined): void {
  const { joules, idleJoules, energyOrigin } = calls.numbers;
  const place = origin && calls.energyOriginOf(origin);
  for (let index = 0; index < calls.length; index++) {
    if (place !== undefined && Number.isFinite(joules[index])) {
      energyOrigin[index] = place;
      if (!Number.isFinite(idleJoules[index])) idleJoules[index] = Number.NaN;
      continue;
    }
    joules[index] = idleJoules[index] = energyOrigin[index] = Number.NaN;
  }
}
