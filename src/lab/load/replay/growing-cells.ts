import { enlarged, trimmed } from '../../../maths/index.js';
import type { TraceCells, TraceFunction } from './replayed-trace.js';

const INITIAL = 4096;

/** Cells that are read one after another. */
export class GrowingCells {
  #functionIndex = new Uint32Array(INITIAL);
  #at = new Float64Array(INITIAL);
  #calls = new Uint32Array(INITIAL);
  #count = 0;
  readonly #byFunction: number[] = [];
  #first = Number.POSITIVE_INFINITY;
  #last = 0;

  add(functionIndex: number, at: number, calls: number): void {
    if (this.#count === this.#at.length) this.#grow();
    this.#functionIndex[this.#count] = functionIndex;
    this.#at[this.#count] = at;
    this.#calls[this.#count] = calls;
    this.#count++;
    this.#byFunction[functionIndex] = (this.#byFunction[functionIndex] ?? 0) + calls;
    this.#first = Math.min(this.#first, at);
    this.#last = Math.max(this.#last, at);
  }

  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  cells(withinSeconds: number): TraceCells {
    const columns = {
      functionIndex: trimmed(this.#functionIndex, this.#count),
      at: trimmed(this.#at, this.#count),
      withinSeconds,
    };
    return withinSeconds === 0 ? columns : { ...columns, calls: trimmed(this.#calls, this.#count) };
  }

  functions(names: readonly string[]): TraceFunction[] {
    return names.map((name, index) => ({ name, calls: this.#byFunction[index] ?? 0 }));
  }

  #grow(): void {
    const length = 2 * this.#count;
    this.#functionIndex = enlarged(this.#functionIndex, length);
    this.#at = enlarged(this.#at, length);
    this.#calls = enlarged(this.#calls, length);
  }
}
