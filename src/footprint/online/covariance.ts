import { addCombination, type SparseRows } from '../../maths/index.js';

/** How rows of observations lean on the state: what an update needs to know of the covariance. */
export interface Projection {
  /** H·P: a row an observation, an entry a member of the state. */
  readonly onState: Float64Array;
  /** H·P·Hᵀ, row after row. */
  readonly onRows: Float64Array;
}

const INITIAL_CAPACITY = 16;
/** Noise keeps any window from taking away all of a variance: that much of it is left, whatever rounding says. */
const LEAST_LEFT = 1e-15;

/** How the errors of many figures go together: a symmetric matrix that grows, shrinks, and loses what observations explain. */
export class Covariance {
  #size = 0;
  #capacity = INITIAL_CAPACITY;
  #values = new Float64Array(INITIAL_CAPACITY ** 2);

  get size(): number {
    return this.#size;
  }

  variance(member: number): number {
    return this.#values[member * this.#capacity + member] ?? 0;
  }

  between(one: number, other: number): number {
    return this.#values[one * this.#capacity + other] ?? 0;
  }

  /** Takes in a figure about which nothing else is known. */
  add(variance: number): void {
    if (this.#size === this.#capacity) this.#resize(2 * this.#capacity);
    this.#values[this.#size * this.#capacity + this.#size] = variance;
    this.#size++;
  }

  #resize(capacity: number): void {
    const values = new Float64Array(capacity ** 2);
    for (let i = 0; i < this.#size; i++) {
      const from = i * this.#capacity;
      values.set(this.#values.subarray(from, from + this.#size), i * capacity);
    }
    [this.#values, this.#capacity] = [values, capacity];
  }

  /** Lets a figure become less certain, but not less than `most`. */
  spread(member: number, variance: number, most: number): void {
    const place = member * this.#capacity + member;
    const wider = (this.#values[place] ?? 0) + variance;
    this.#values[place] = wider;
    if (!(wider > most)) return;
    // Scaling a row and its column alike keeps the matrix one that errors can have.
    const factor = Math.sqrt(most / wider);
    for (let i = 0; i < this.#size; i++) {
      this.#scale(member * this.#capacity + i, factor);
      this.#scale(i * this.#capacity + member, factor);
    }
  }

  #scale(place: number, factor: number): void {
    this.#values[place] = (this.#values[place] ?? 0) * factor;
  }

  /** Keeps these members alone, in this order. */
  keep(members: readonly number[]): void {
    const kept = new Covariance();
    for (const member of members) kept.add(this.variance(member));
    for (const [i, one] of members.entries())
      for (const [j, other] of members.entries())
        kept.#values[i * kept.#capacity + j] = this.between(one, other);
    [this.#values, this.#capacity, this.#size] = [kept.#values, kept.#capacity, kept.#size];
  }

  /** `members[c]` is the member that column c of the rows speaks of. */
  project(rows: SparseRows, members: Uint32Array): Projection {
    const [size, capacity, values] = [this.#size, this.#capacity, this.#values];
    const { count, rowStart, column, value } = rows;
    const onState = new Float64Array(count * size);
    for (let row = 0; row < count; row++) {
      const [from, to] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
      const offsets = column.subarray(from, to).map((c) => (members[c] ?? 0) * capacity);
      addCombination(onState, row * size, size, values, offsets, value.subarray(from, to));
    }
    const onRows = new Float64Array(count * count);
    for (let row = 0; row < count; row++) {
      for (let other = 0; other <= row; other++) {
        let sum = 0;
        for (let p = rowStart[row] ?? 0; p < (rowStart[row + 1] ?? 0); p++)
          sum += (value[p] ?? 0) * (onState[other * size + (members[column[p] ?? 0] ?? 0)] ?? 0);
        onRows[row * count + other] = sum;
        onRows[other * count + row] = sum;
      }
    }
    return { onState, onRows };
  }

  /**
   * Takes away WᵀW, for a W of `count` rows over all members, where one of the two members at least is `active`: members
   * that are not keep their variances, and what they have in common with the active ones stays true.
   */
  reduce(w: Float64Array, count: number, active: Uint32Array): void {
    const order = this.#activeFirst(active);
    const packed = transposed(w, count, this.#size, order);
    const [first, second] = [new Float64Array(order.length + 4), new Float64Array(order.length + 4)];
    for (let j = 0; j < active.length; j += 2) {
      products(packed, count, order.length, j, first, second);
      this.#subtract(order, j, first);
      if (j + 1 < active.length) this.#subtract(order, j + 1, second);
    }
  }

  #activeFirst(active: Uint32Array): Uint32Array {
    const isActive = new Uint8Array(this.#size);
    for (const member of active) isActive[member] = 1;
    const rest = Array.from(isActive.keys()).filter((member) => isActive[member] === 0);
    return Uint32Array.from([...active, ...rest]);
  }

  #subtract(order: Uint32Array, position: number, amounts: Float64Array): void {
    const [capacity, values] = [this.#capacity, this.#values];
    const member = order[position] ?? 0;
    const own = member * capacity + member;
    const least = LEAST_LEFT * (values[own] ?? 0);
    for (let k = position; k < order.length; k++) {
      const other = order[k] ?? 0;
      const left = (values[member * capacity + other] ?? 0) - (amounts[k] ?? 0);
      values[member * capacity + other] = left;
      values[other * capacity + member] = left;
    }
    // Rounding may take away a little more than there was.
    values[own] = Math.max(least, values[own] ?? 0);
  }

  /** The lower triangle, row after row. */
  toArray(): number[] {
    const triangle: number[] = [];
    for (let i = 0; i < this.#size; i++) for (let j = 0; j <= i; j++) triangle.push(this.between(i, j));
    return triangle;
  }

  static from(triangle: readonly number[], size: number): Covariance {
    const covariance = new Covariance();
    covariance.#resize(Math.max(INITIAL_CAPACITY, 2 ** Math.ceil(Math.log2(Math.max(1, size)))));
    covariance.#size = size;
    for (let i = 0, place = 0; i < size; i++) {
      for (let j = 0; j <= i; j++, place++) {
        covariance.#values[i * covariance.#capacity + j] = triangle[place] ?? 0;
        covariance.#values[j * covariance.#capacity + i] = triangle[place] ?? 0;
      }
    }
    return covariance;
  }
}

/** The columns of a matrix in a given order as rows, and rows of zeros up to a multiple of four and one pair more. */
function transposed(w: Float64Array, count: number, width: number, order: Uint32Array): Float64Array {
  const packed = new Float64Array((order.length + 8) * count);
  for (const [position, member] of order.entries())
    for (let i = 0; i < count; i++) packed[position * count + i] = w[i * width + member] ?? 0;
  return packed;
}

/**
 * The products of rows j and j + 1 with all rows from j on. Two rows by four at a time: each number that is loaded is
 * used twice or four times, which is what bounds the speed of an update.
 */
function products(
  rows: Float64Array,
  length: number,
  count: number,
  j: number,
  first: Float64Array,
  second: Float64Array,
): void {
  const [a, b] = [j * length, (j + 1) * length];
  for (let k = j; k < count; k += 4) {
    const c = k * length;
    const [d, e, f] = [c + length, c + 2 * length, c + 3 * length];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let [t0, t1, t2, t3] = [0, 0, 0, 0];
    for (let i = 0; i < length; i++) {
      const x = rows[a + i] ?? 0;
      const y = rows[b + i] ?? 0;
      const p = rows[c + i] ?? 0;
      const q = rows[d + i] ?? 0;
      const r = rows[e + i] ?? 0;
      const s = rows[f + i] ?? 0;
      s0 += x * p;
      s1 += x * q;
      s2 += x * r;
      s3 += x * s;
      t0 += y * p;
      t1 += y * q;
      t2 += y * r;
      t3 += y * s;
    }
    first[k] = s0;
    first[k + 1] = s1;
    first[k + 2] = s2;
    first[k + 3] = s3;
    second[k] = t0;
    second[k + 1] = t1;
    second[k + 2] = t2;
    second[k + 3] = t3;
  }
}
