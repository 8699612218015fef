import { nnls } from '../../maths/index.js';
import type { Covariance } from './covariance.js';

// A figure this far below zero, in standard errors, counts as zero.
const TOLERANCE = 1e-9;
const ROUNDS = 30;

/**
 * The most probable figures of the members that are not negative, where `mean` and the covariance tell how probable
 * figures are. Those that are lifted to zero take with them what they have in common with the others. It is a
 * least-squares problem among the lifted ones alone: how strongly each has to be lifted, not negatively.
 */
export function mostProbableNonNegative(
  mean: Float64Array,
  covariance: Covariance,
  members: Uint32Array,
): Float64Array {
  const lifted: number[] = [];
  const isLifted = new Uint8Array(mean.length);
  let figures = mean;
  for (let round = 0; round < ROUNDS; round++) {
    const below = Array.from(figures.keys()).filter(
      (i) =>
        isLifted[i] === 0 && (figures[i] ?? 0) < -TOLERANCE * Math.sqrt(covariance.variance(members[i] ?? 0)),
    );
    if (below.length === 0) break;
    for (const i of below) isLifted[i] = 1;
    lifted.push(...below);
    const size = lifted.length;
    const gram = new Float64Array(size * size);
    for (const [a, i] of lifted.entries())
      for (const [b, j] of lifted.entries())
        gram[a * size + b] = covariance.between(members[i] ?? 0, members[j] ?? 0);
    const right = Float64Array.from(lifted, (i) => -(mean[i] ?? 0));
    const { x: lifts } = nnls({ size, gram, right, square: 0, count: size });
    figures = mean.slice();
    for (const [a, j] of lifted.entries()) {
      const lift = lifts[a] ?? 0;
      if (lift === 0) continue;
      for (let i = 0; i < figures.length; i++)
        figures[i] = (figures[i] ?? 0) + lift * covariance.between(members[j] ?? 0, members[i] ?? 0);
    }
  }
  return figures.map((value) => Math.max(0, value));
}
