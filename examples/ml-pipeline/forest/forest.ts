import { seededRandom } from 'wattloop/maths';
import type { Samples } from '../samples.js';
import { binned } from './bins.js';
import { grow, type Tree } from './tree.js';

/** The trees of these numbers, each grown on samples drawn with replacement. Each depends on its number alone. */
export function growTrees(
  numbers: readonly number[],
  samples: Samples,
  classes: number,
  seed: number,
): Tree[] {
  const data = binned(samples);
  return numbers.map((number) => {
    const random = seededRandom(seed).fork(`tree ${number}`);
    const bootstrap = Int32Array.from({ length: data.rows }, () => random.below(data.rows));
    return grow(data, bootstrap, classes, random);
  });
}
