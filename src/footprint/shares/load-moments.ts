/** Of the whole load: what rounding can't tell from none. */
const LEAST_PART = 1e-12;

/**
 * The load of a random group: each of the others is in it with chance q. What a curve makes of that load in the mean is
 * found from a few loads that have the same first five moments (Gauss's quadrature for that distribution), which lie
 * where the group's load can lie and are exact for curves that are polynomials up to the sixth degree.
 */
export class GroupLoad {
  /** Loads to look at, and the chance that each one stands for. */
  readonly loads = new Float64Array(3);
  readonly chances = new Float64Array(3);
  count = 0;
  /** The chance that neither nobody nor everybody is in the group. */
  chance = 0;
  readonly #raw = new Float64Array(5);

  /**
   * For groups of `others` whose loads have these power sums (sum of loads, of their squares … fifth powers). The empty
   * and the full group are left out: their loads are known, and a curve may jump at the first.
   */
  fit(q: number, others: number, sums: Float64Array): void {
    const nobody = (1 - q) ** others;
    const everybody = q ** others;
    this.chance = 1 - nobody - everybody;
    this.count = 0;
    if (!(this.chance > 1e-12)) {
      this.chance = 0;
      return;
    }
    rawMoments(q, sums, this.#raw);
    const whole = sums[0] ?? 0;
    let power = 1;
    for (let k = 0; k < 5; k++) {
      power *= whole;
      this.#raw[k] = ((this.#raw[k] ?? 0) - everybody * power) / this.chance;
    }
    this.#nodes(whole);
  }

  #nodes(whole: number): void {
    const [m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0] = this.#raw;
    const variance = m2 - m1 * m1;
    if (!(variance > 1e-13 * m2)) {
      this.#put(m1, 1, whole);
      return;
    }
    const s = Math.sqrt(variance);
    // Products rather than powers: this runs millions of times.
    const mm = m1 * m1;
    const third = (m3 - 3 * m1 * m2 + 2 * m1 * mm) / (variance * s);
    const fourth = (m4 - 4 * m1 * m3 + 6 * mm * m2 - 3 * mm * mm) / (variance * variance);
    const fifth =
      (m5 - 5 * m1 * m4 + 10 * mm * m3 - 10 * mm * m1 * m2 + 4 * mm * mm * m1) / (variance * variance * s);
    const spread = fourth - third * third - 1;
    if (!(spread > 1e-7)) this.#two(m1, s, third, whole);
    else this.#three(m1, s, third, fourth, fifth, spread, whole);
  }

  /** Two loads: x² − third·x − 1 = 0 in standard units. */
  #two(mean: number, s: number, third: number, whole: number): void {
    const half = third / 2;
    const root = Math.sqrt(1 + half * half);
    this.#put(mean + s * (half + root), (1 - half / root) / 2, whole);
    this.#put(mean + s * (half - root), (1 + half / root) / 2, whole);
  }

  /** Three loads: the roots of the distribution's third orthogonal polynomial, which are real and lie apart. */
  #three(
    mean: number,
    s: number,
    third: number,
    fourth: number,
    fifth: number,
    spread: number,
    whole: number,
  ): void {
    const shift = (fifth - 2 * third * fourth + third * third * third) / spread;
    const square = -(shift + third);
    const linear = shift * third - 1 - spread;
    const p = linear - (square * square) / 3;
    const rest = (2 * square * square * square) / 27 - (square * linear) / 3 + shift;
    const reach = 2 * Math.sqrt(-p / 3);
    const angle = Math.acos(Math.max(-1, Math.min(1, (3 * rest) / (p * reach)))) / 3;
    for (let k = 0; k < 3; k++) {
      const x = reach * Math.cos(angle - (2 * Math.PI * k) / 3) - square / 3;
      const second = x * x - third * x - 1;
      this.#put(mean + s * x, 1 / (1 + x * x + (second * second) / spread), whole);
    }
  }

  #put(load: number, chance: number, whole: number): void {
    // Somebody is in the group: rounding must not make it the load of nobody, where the curve may jump.
    this.loads[this.count] = Math.min(Math.max(load, LEAST_PART * whole), whole);
    this.chances[this.count++] = chance;
  }
}

/** Moments about 0 of a sum of independent loads that are each there with chance q, from its cumulants. */
function rawMoments(q: number, sums: Float64Array, into: Float64Array): void {
  const v = q * (1 - q);
  const k1 = q * (sums[0] ?? 0);
  const k2 = v * (sums[1] ?? 0);
  const k3 = v * (1 - 2 * q) * (sums[2] ?? 0);
  const k4 = v * (1 - 6 * v) * (sums[3] ?? 0);
  const k5 = v * (1 - 2 * q) * (1 - 12 * v) * (sums[4] ?? 0);
  const [kk, kkk] = [k1 * k1, k1 * k1 * k1];
  into[0] = k1;
  into[1] = k2 + kk;
  into[2] = k3 + 3 * k2 * k1 + kkk;
  into[3] = k4 + 4 * k3 * k1 + 3 * k2 * k2 + 6 * k2 * kk + kk * kk;
  into[4] = k5 + 5 * k4 * k1 + 10 * k3 * k2 + 10 * k3 * kk + 15 * k2 * k2 * k1 + 10 * k2 * kkk + kk * kkk;
}
