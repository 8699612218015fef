import { GroupLoad } from './load-moments.js';
import { gaussLegendre } from './quadrature.js';

/** What a load makes the machine draw: any curve from 0 to the sum of all loads; it may jump at 0, as a load floor does. */
export type Curve = (load: number) => number;

const NODES = 12;
const POWERS = 5;

/**
 * Shapley shares of a curve as an integral: what one load adds to a group in which each other one is with chance q, in the
 * mean over q from 0 to 1 (Owen's multilinear extension), with the group's load known by its first moments.
 */
export class CurveIntegral {
  /** The sum of all loads. */
  readonly load: number;
  /** The sum of their squares. */
  readonly squares: number;
  /** What there is to share. */
  readonly joules: number;
  readonly #count: number;
  readonly #curve: Curve;
  readonly #none: number;
  readonly #full: number;
  readonly #sums: Float64Array;
  readonly #others = new Float64Array(POWERS);
  readonly #group = new GroupLoad();

  constructor(loads: Float64Array, curve: Curve) {
    this.#count = loads.length;
    this.#curve = curve;
    this.#sums = powerSums(loads);
    this.load = this.#sums[0] ?? 0;
    this.squares = this.#sums[1] ?? 0;
    this.#none = curve(0);
    this.#full = curve(this.load);
    this.joules = this.#full - this.#none;
  }

  shareOf(own: number): number {
    return this.outerOf(own) + this.innerOf(own);
  }

  /** The part of its share for coming first or last, each in one of n orders. */
  outerOf(own: number): number {
    const last = this.#full - this.#curve(Math.max(0, this.load - own));
    return (this.#curve(own) - this.#none + last) / this.#count;
  }

  /** The part for coming in between. */
  innerOf(own: number): number {
    let power = 1;
    for (let k = 0; k < POWERS; k++) {
      power *= own;
      this.#others[k] = Math.max(0, (this.#sums[k] ?? 0) - power);
    }
    const { nodes, weights } = gaussLegendre(NODES);
    const group = this.#group;
    let share = 0;
    for (let k = 0; k < NODES; k++) {
      group.fit(nodes[k] ?? 0, this.#count - 1, this.#others);
      let added = 0;
      for (let i = 0; i < group.count; i++) {
        const load = group.loads[i] ?? 0;
        added += (group.chances[i] ?? 0) * (this.#curve(load + own) - this.#curve(load));
      }
      share += (weights[k] ?? 0) * group.chance * added;
    }
    return share;
  }
}

/** The sum of the loads, of their squares … of their fifth powers. */
function powerSums(loads: Float64Array): Float64Array {
  const sums = new Float64Array(POWERS);
  for (const load of loads) {
    let power = 1;
    for (let k = 0; k < POWERS; k++) {
      power *= load;
      sums[k] = (sums[k] ?? 0) + power;
    }
  }
  return sums;
}
