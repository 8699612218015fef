/** Buckets in each octave: a bucket is at most 1/128 of its value wide, so its middle is off by 0.4 % at most. */
const STEPS_BITS = 7;
const STEPS = 2 ** STEPS_BITS;
const MANTISSA_BITS_OF_HIGH_WORD = 20;
const EXPONENT_BIAS = 1023;
/** 2^-20 (1 µs, if values are seconds) to 2^20 (12 days). */
const [LOWEST_OCTAVE, HIGHEST_OCTAVE] = [-20, 20];
const BUCKETS = (HIGHEST_OCTAVE - LOWEST_OCTAVE) * STEPS;
const FIRST = (LOWEST_OCTAVE + EXPONENT_BIAS) * STEPS;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const HIGH = words[1] === 0 ? 0 : 1;

/** The leading bits of a double, exponent and first digits, are the number of a bucket that grows with its value. */
function bucketOf(value: number): number {
  float[0] = value;
  const index = ((words[HIGH] ?? 0) >>> (MANTISSA_BITS_OF_HIGH_WORD - STEPS_BITS)) - FIRST;
  return index < 0 ? 0 : index >= BUCKETS ? BUCKETS - 1 : index;
}

const lowerBound = (bucket: number): number =>
  2 ** (LOWEST_OCTAVE + Math.floor(bucket / STEPS)) * (1 + (bucket % STEPS) / STEPS);

/**
 * Counts of values above 0 in buckets whose width grows with the value. Any number of values takes the same memory, quantiles
 * are off by less than 1 % from 2^-20 to 2^20, and histograms can be added up.
 */
export class LogHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Below 0 counts as 0. */
  record(value: number): void {
    const amount = value > 0 ? value : 0;
    const bucket = bucketOf(amount);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#sum += amount;
    if (amount < this.#min) this.#min = amount;
    if (amount > this.#max) this.#max = amount;
  }

  add(other: LogHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++)
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Exact; undefined when there is no value, as those below. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  /** Exact. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  /** Exact. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** The least value that at least the part `q` (0 to 1) of all values do not exceed. */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.min(this.#count, Math.max(1, Math.ceil(q * this.#count)));
    if (rank === this.#count) return this.#max;
    let [bucket, seen] = [0, this.#counts[0] ?? 0];
    while (seen < rank && bucket < BUCKETS - 1) seen += this.#counts[++bucket] ?? 0;
    const middle = (lowerBound(bucket) + lowerBound(bucket + 1)) / 2;
    return Math.min(this.#max, Math.max(this.#min, middle));
  }

  /** Upper bounds of the buckets that hold any, with the counts up to there: for pictures. */
  *cumulative(): Generator<{ readonly upTo: number; readonly count: number }> {
    let count = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const own = this.#counts[bucket] ?? 0;
      if (own === 0) continue;
      count += own;
      yield { upTo: Math.min(this.#max, lowerBound(bucket + 1)), count };
    }
  }
}
