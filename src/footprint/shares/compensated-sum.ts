/**
 * Sums that remember what rounding took from them (Knuth's exact sum of two), one by index: a million addends cost no
 * more digits than one.
 */
export class CompensatedSums {
  readonly #sums: Float64Array;
  readonly #lost: Float64Array;

  constructor(count: number) {
    this.#sums = new Float64Array(count);
    this.#lost = new Float64Array(count);
  }

  add(index: number, value: number): void {
    const before = this.#sums[index] ?? 0;
    const after = before + value;
    const part = after - before;
    this.#sums[index] = after;
    this.#lost[index] = (this.#lost[index] ?? 0) + (before - (after - part)) + (value - part);
  }

  at(index: number): number {
    return (this.#sums[index] ?? 0) + (this.#lost[index] ?? 0);
  }

  values(): Float64Array {
    return this.#sums.map((_, index) => this.at(index));
  }
}

/** The sum of all values, as exact as a double can say it. */
export function compensatedSum(values: ArrayLike<number>): number {
  const sums = new CompensatedSums(1);
  for (let i = 0; i < values.length; i++) sums.add(0, values[i] ?? 0);
  return sums.at(0);
}
