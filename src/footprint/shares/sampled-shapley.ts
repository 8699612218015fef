import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { Random } from '../../maths/index.js';
import type { CoalitionValue } from './games.js';

export interface SamplingOptions {
  readonly random: Random;
  /** Orders of arrival to try, at the most. */
  readonly permutations?: number;
  /** Stop earlier, once every player's bound (without `ranges`: its standard error) is at most this. */
  readonly tolerance?: number;
  /** How sure each player's bound is. */
  readonly confidence?: number;
  /** By player: the largest marginal contribution possible less the smallest. Bounds need it. */
  readonly ranges?: ArrayLike<number>;
}

export interface SampledShapley {
  readonly values: Float64Array;
  readonly standardErrors: Float64Array;
  /**
   * By player: what its value is off by at the most, at the confidence asked for, however the marginal contributions are
   * distributed (the lesser of Hoeffding's and the empirical Bernstein bound). Absent without `ranges`.
   */
  readonly bounds?: Float64Array;
  /** Orders of arrival tried. */
  readonly permutations: number;
  /** Whether `tolerance` was reached; absent where none was asked for. */
  readonly converged?: boolean;
}

const DEFAULT_PERMUTATIONS = 4096;
const DEFAULT_CONFIDENCE = 0.95;
/** Rotations of one order: each moves everyone on by the same part of the way. */
const ROTATIONS = 8;
/** Blocks before the first look at the errors; between looks they double. */
const FIRST_LOOK = 8;

/**
 * Shapley values from random orders of arrival, in blocks: an order, its rotations and all of them backwards. Within a block
 * every player arrives early, late and in between equally often (stratified), and for each who came before someone there is
 * an order in which they come after (antithetic): what depends on the position alone doesn't add to the error. Each order's
 * contributions make up v(N) − v(∅), and so do the values.
 */
export function sampledShapley(
  players: number,
  value: CoalitionValue,
  options: SamplingOptions,
): SampledShapley {
  const { random, permutations = DEFAULT_PERMUTATIONS, tolerance, ranges } = options;
  const { confidence = DEFAULT_CONFIDENCE } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new WattloopError(ErrorCode.badInput, `a confidence of ${confidence} is not between 0 and 1`);
  }
  const block = new Block(players, value, random);
  const most = Math.max(2, Math.ceil(permutations / block.permutations));
  const sample = new Sample(players);
  let [next, look, failing] = [tolerance === undefined ? most : FIRST_LOOK, 0, 1 - confidence];
  for (;;) {
    while (sample.blocks < Math.min(next, most)) sample.add(block.draw());
    // Each look that may end the search has half the chance to fail of the one before; together they keep to the chance allowed.
    look++;
    failing = tolerance === undefined ? 1 - confidence : (1 - confidence) / 2 ** look;
    const standardErrors = sample.standardErrors();
    const bounds = ranges && sample.bounds(ranges, failing);
    const worst = (bounds ?? standardErrors).reduce((a, b) => Math.max(a, b), 0);
    const converged = tolerance === undefined ? undefined : worst <= tolerance;
    if (converged !== true && sample.blocks < most) {
      next *= 2;
      continue;
    }
    return {
      values: sample.means.slice(),
      standardErrors,
      ...(bounds && { bounds }),
      permutations: sample.blocks * block.permutations,
      ...(converged !== undefined && { converged }),
    };
  }
}

/** Mean contributions over an order, its rotations and their reverses. */
class Block {
  readonly permutations: number;
  readonly #value: CoalitionValue;
  readonly #random: Random;
  readonly #order: Uint32Array;
  readonly #members: Uint8Array;
  readonly #rotations: number;
  readonly #contributions: Float64Array;
  readonly #none: number;
  readonly #all: number;

  constructor(players: number, value: CoalitionValue, random: Random) {
    this.#value = value;
    this.#random = random;
    this.#order = Uint32Array.from({ length: players }, (_, i) => i);
    this.#members = new Uint8Array(players);
    this.#rotations = Math.max(1, Math.min(players, ROTATIONS));
    this.permutations = 2 * this.#rotations;
    this.#contributions = new Float64Array(players);
    this.#none = value(this.#members);
    this.#all = value(new Uint8Array(players).fill(1));
  }

  /** Valid until the next call. */
  draw(): Float64Array {
    const players = this.#order.length;
    this.#shuffle();
    this.#contributions.fill(0);
    for (let rotation = 0; rotation < this.#rotations; rotation++) {
      const first = Math.floor((rotation * players) / this.#rotations);
      this.#walk(first, 1);
      this.#walk(first, -1);
    }
    for (let i = 0; i < players; i++)
      this.#contributions[i] = (this.#contributions[i] ?? 0) / this.permutations;
    return this.#contributions;
  }

  #walk(first: number, direction: 1 | -1): void {
    const players = this.#order.length;
    this.#members.fill(0);
    let before = this.#none;
    for (let step = 0; step < players; step++) {
      const place = direction === 1 ? first + step : first + players - 1 - step;
      const who = this.#order[place % players] ?? 0;
      this.#members[who] = 1;
      const after = step === players - 1 ? this.#all : this.#value(this.#members);
      this.#contributions[who] = (this.#contributions[who] ?? 0) + after - before;
      before = after;
    }
  }

  /** Fisher and Yates. */
  #shuffle(): void {
    const order = this.#order;
    for (let i = order.length - 1; i > 0; i--) {
      const other = this.#random.below(i + 1);
      const moved = order[i] ?? 0;
      order[i] = order[other] ?? 0;
      order[other] = moved;
    }
  }
}

/** Means and variances of the blocks drawn so far (Welford). */
class Sample {
  blocks = 0;
  readonly means: Float64Array;
  readonly #squares: Float64Array;

  constructor(players: number) {
    this.means = new Float64Array(players);
    this.#squares = new Float64Array(players);
  }

  add(contributions: Float64Array): void {
    this.blocks++;
    for (let i = 0; i < contributions.length; i++) {
      const value = contributions[i] ?? 0;
      const mean = this.means[i] ?? 0;
      const moved = mean + (value - mean) / this.blocks;
      this.means[i] = moved;
      this.#squares[i] = (this.#squares[i] ?? 0) + (value - mean) * (value - moved);
    }
  }

  #variance(player: number): number {
    return (this.#squares[player] ?? 0) / (this.blocks - 1);
  }

  standardErrors(): Float64Array {
    return this.means.map((_, i) => Math.sqrt(this.#variance(i) / this.blocks));
  }

  /** Two-sided bounds that fail with at most this chance; each of the two bounds has half of it. */
  bounds(ranges: ArrayLike<number>, failing: number): Float64Array {
    const n = this.blocks;
    return this.means.map((_, i) => {
      const range = ranges[i] ?? Number.POSITIVE_INFINITY;
      const hoeffding = range * Math.sqrt(Math.log(4 / failing) / (2 * n));
      const log = Math.log(8 / failing);
      const bernstein = Math.sqrt((2 * this.#variance(i) * log) / n) + (7 * range * log) / (3 * (n - 1));
      return Math.min(hoeffding, bernstein);
    });
  }
}
