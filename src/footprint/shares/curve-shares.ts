import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { Rows } from '../rows/rows.js';
import { entriesOf } from './activity.js';
import { ChebyshevFit } from './chebyshev-fit.js';
import { compensatedSum } from './compensated-sum.js';
import { type Curve, CurveIntegral } from './curve-integral.js';
import { shapleyOfTable } from './exact-shapley.js';

export interface CurveShareOptions {
  /** Up to so many functions with a load, shares are enumerated. */
  readonly exactPlayers?: number;
}

/** 256 groups: a few microseconds. */
const DEFAULT_EXACT_PLAYERS = 8;
/** Up to so many, each share is found by itself; and so many at the most are large among more. */
const FEW = 24;

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
  const integral = new CurveIntegral(loads, curve);
  const shares = loads.length <= FEW ? loads.map((own) => integral.shareOf(own)) : crowded(loads, integral);
  const missed = integral.joules - compensatedSum(shares);
  return shares.map((share, i) => share + (missed * (loads[i] ?? 0)) / integral.load);
}

/**
 * Among many the share changes smoothly with the load, but for what comes first or last: it is found for a few loads, and in
 * between by a polynomial. Loads so large that the others' depend on which of them is left out are found one by one.
 */
function crowded(loads: Float64Array, integral: CurveIntegral): Float64Array {
  const large = Math.sqrt(integral.squares / FEW);
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const load of loads) {
    if (load > large) continue;
    low = Math.min(low, load);
    high = Math.max(high, load);
  }
  const inner = new ChebyshevFit(low, high, (own) => integral.innerOf(own) / own);
  return loads.map((own) =>
    own > large ? integral.shareOf(own) : integral.outerOf(own) + own * inner.at(own),
  );
}
