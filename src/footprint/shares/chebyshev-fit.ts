const POINTS = 8;

/** A smooth function between `low` and `high`, known at a few points (Chebyshev's) and in between by the polynomial through them. */
export class ChebyshevFit {
  readonly #points: Float64Array;
  readonly #values: Float64Array;
  readonly #weights: Float64Array;

  constructor(low: number, high: number, of: (x: number) => number) {
    const count = high > low ? POINTS : 1;
    const angles = Float64Array.from({ length: count }, (_, i) => (Math.PI * (i + 0.5)) / count);
    this.#points = angles.map((angle) => (low + high) / 2 + ((high - low) / 2) * Math.cos(angle));
    this.#weights = angles.map((angle, i) => (i % 2 === 0 ? 1 : -1) * Math.sin(angle));
    this.#values = this.#points.map((x) => of(x));
  }

  /** The barycentric form: as stable as the points are few. */
  at(x: number): number {
    let [above, below] = [0, 0];
    for (let i = 0; i < this.#points.length; i++) {
      const distance = x - (this.#points[i] ?? 0);
      if (distance === 0) return this.#values[i] ?? 0;
      const weight = (this.#weights[i] ?? 0) / distance;
      above += weight * (this.#values[i] ?? 0);
      below += weight;
    }
    return above / below;
  }
}
