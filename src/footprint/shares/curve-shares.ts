import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Rows } from '../rows/rows.js';
import { entriesOf } from './activity.js';
import { compensatedSum } from './compensated-sum.js';
import { shapleyOfTable } from './exact-shapley.js';
import { GroupLoad } from './load-moments.js';
import { gaussLegendre } from './quadrature.js';

/** What a load makes the machine draw: any curve from 0 to the sum of all loads; it may jump at 0, as a load floor does. */
export type Curve = (load: number) => number;

export interface CurveShareOptions {
  /** Up to so many functions with a load, shares are enumerated. */
  readonly exactPlayers?: number;
}

/** 256 groups: a few microseconds. */
const DEFAULT_EXACT_PLAYERS = 8;
const NODES = 12;

/**
 * Shapley shares of `curve(sum of loads) − curve(0)`. The shares make it up exactly, a function without load has none, equal
 * loads have equal shares, and shares of a sum of curves are the sums of shares, whichever way they are found: enumerated for
 * a few functions; beyond, a function's share is its contribution to a group in which each other one is with chance q, in
 * the mean over q from 0 to 1. What that approximation misses of the whole is spread in proportion to load.
 */
export function curveShares(
  loads: ArrayLike<number>,
  curve: Curve,
  { exactPlayers = DEFAULT_EXACT_PLAYERS }: CurveShareOptions = {},
): Float64Array {
  const shares = new Float64Array(loads.length);
  const places = placesOfLoads(loads);
  const own = Float64Array.from(places, (place) => loads[place] ?? 0);
  const found = own.length <= exactPlayers ? enumerated(own, curve) : integrated(own, curve);
  places.forEach((place, i) => {
    shares[place] = found[i] ?? 0;
  });
  return shares;
}

/** Shares of a curve in every tick: one figure for each entry of the rows, from the load of each. */
export function curveSharesByTick(
  rows: Rows,
  loads: Float64Array,
  curve: Curve,
  options: CurveShareOptions = {},
): Float64Array {
  const shares = new Float64Array(loads.length);
  for (let tick = 0; tick < rows.count; tick++) {
    const [from, to] = entriesOf(rows, tick, tick + 1);
    if (from < to) shares.set(curveShares(loads.subarray(from, to), curve, options), from);
  }
  return shares;
}

function placesOfLoads(loads: ArrayLike<number>): number[] {
  const places: number[] = [];
  for (let i = 0; i < loads.length; i++) {
    const load = loads[i] ?? 0;
    if (!(load >= 0 && load < Number.POSITIVE_INFINITY)) {
      throw new WattloopError(ErrorCode.badInput, `load ${i} is ${load}, which no machine has`, {
        remedy: 'Give loads of 0 or more.',
      });
    }
    if (load > 0) places.push(i);
  }
  return places;
}

function enumerated(loads: Float64Array, curve: Curve): Float64Array {
  const sums = new Float64Array(2 ** loads.length);
  for (let group = 1; group < sums.length; group++) {
    const first = 31 - Math.clz32(group & -group);
    sums[group] = (sums[group & (group - 1)] ?? 0) + (loads[first] ?? 0);
  }
  return shapleyOfTable(
    loads.length,
    sums.map((load) => curve(load)),
  );
}

function integrated(loads: Float64Array, curve: Curve): Float64Array {
  const all = powerSums(loads);
  const whole = all[0] ?? 0;
  const others = new Float64Array(all.length);
  const [none, full] = [curve(0), curve(whole)];
  const { nodes, weights } = gaussLegendre(NODES);
  const group = new GroupLoad();
  const shares = loads.map((own) => {
    let power = 1;
    for (let k = 0; k < all.length; k++) {
      power *= own;
      others[k] = Math.max(0, (all[k] ?? 0) - power);
    }
    // First or last to come: each in one of n orders.
    let share = (curve(own) - none + full - curve(Math.max(0, whole - own))) / loads.length;
    for (let k = 0; k < nodes.length; k++) {
      group.fit(nodes[k] ?? 0, loads.length - 1, others);
      for (let i = 0; i < group.count; i++) {
        const load = group.loads[i] ?? 0;
        const contribution = curve(load + own) - curve(load);
        share += (weights[k] ?? 0) * group.chance * (group.chances[i] ?? 0) * contribution;
      }
    }
    return share;
  });
  const missed = full - none - compensatedSum(shares);
  return shares.map((share, i) => share + (missed * (loads[i] ?? 0)) / whole);
}

/** The sum of the loads, of their squares … of their fifth powers. */
function powerSums(loads: Float64Array): Float64Array {
  const sums = new Float64Array(5);
  for (const load of loads) {
    let power = 1;
    for (let k = 0; k < sums.length; k++) {
      power *= load;
      sums[k] = (sums[k] ?? 0) + power;
    }
  }
  return sums;
}
