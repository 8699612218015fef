/** A grid of equal steps of time on the clock of the work: finer than the samples of power, so that lags of less than a sample can be undone. */
export interface Steps {
  readonly start: number;
  readonly stepSeconds: number;
  readonly count: number;
}

export const endOf = ({ start, stepSeconds, count }: Steps): number => start + count * stepSeconds;

/** The integral of what is constant within each step, from which its mean over any span is had. */
export class StepIntegral {
  readonly #steps: Steps;
  readonly #sums: Float64Array;

  constructor(steps: Steps, values: ArrayLike<number>) {
    this.#steps = steps;
    this.#sums = new Float64Array(steps.count + 1);
    for (let j = 0; j < steps.count; j++) this.#sums[j + 1] = (this.#sums[j] ?? 0) + (values[j] ?? 0);
  }

  /** Up to `t`, in value · seconds; what lies outside the grid is nothing. */
  upTo(t: number): number {
    const { start, stepSeconds, count } = this.#steps;
    const place = Math.min(Math.max((t - start) / stepSeconds, 0), count);
    const whole = Math.min(Math.floor(place), count - 1);
    const below = this.#sums[whole] ?? 0;
    return (below + ((this.#sums[whole + 1] ?? below) - below) * (place - whole)) * stepSeconds;
  }

  mean(from: number, to: number): number {
    return to > from ? (this.upTo(to) - this.upTo(from)) / (to - from) : Number.NaN;
  }
}
