import { median } from '../../maths/index.js';
import type { UsageTable } from '../../model/index.js';

/** So many distances between samples tell the usual one. */
const ENOUGH = 2 ** 14;

/** When anybody was sampled, in order. Each row of usage is what was used since the sample before it. */
export class SampleTimes {
  readonly #times: Float64Array;
  /** Seconds between two samples of the same principal, as a rule; NaN where nobody was sampled twice. */
  readonly usualSeconds: number;

  constructor({ t, principalIndex, principals }: UsageTable) {
    const inOrder = t.every((time, row) => row === 0 || time >= (t[row - 1] ?? 0)) ? t : t.slice().sort();
    this.#times = inOrder.filter((time, at) => at === 0 || time !== inOrder[at - 1]);
    const last = new Float64Array(principals.length).fill(Number.NaN);
    const distances: number[] = [];
    for (let row = 0; row < t.length && distances.length < ENOUGH; row++) {
      const principal = principalIndex[row] ?? 0;
      const distance = (t[row] ?? 0) - (last[principal] ?? 0);
      if (distance > 0) distances.push(distance);
      last[principal] = t[row] ?? 0;
    }
    this.usualSeconds = median(distances);
  }

  /** From where on samples tell of anything; NaN where that isn't known. */
  get from(): number {
    return (this.#times[0] ?? Number.NaN) - this.usualSeconds;
  }

  get to(): number {
    return this.#times.at(-1) ?? Number.NaN;
  }

  /**
   * The sample before the one at `t`. Principals that are read one after another in the same sample have times that differ
   * a little: they are no samples of their own.
   */
  before(t: number): number {
    const limit = t - this.usualSeconds / 2;
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) <= limit) low = middle + 1;
      else high = middle;
    }
    return this.#times[low - 1] ?? t - this.usualSeconds;
  }
}
