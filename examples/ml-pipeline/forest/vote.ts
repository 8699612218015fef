import type { Samples } from '../samples.js';
import { labelAt, type Tree } from './tree.js';

/** How samples were taken by a forest. */
export interface Votes {
  /** By what a sample is, and then by what most trees took it for: so many. */
  readonly confusion: Int32Array;
  /** Right answers of single trees. */
  readonly rightTrees: number;
}

export function vote(forest: readonly Tree[], samples: Samples, classes: number): Votes {
  const confusion = new Int32Array(classes * classes);
  let rightTrees = 0;
  for (let row = 0; row < samples.rows; row++) {
    const votes = new Int32Array(classes);
    for (const tree of forest) {
      const label = labelAt(tree, samples, row);
      votes[label] = (votes[label] ?? 0) + 1;
    }
    const is = samples.labels[row] ?? 0;
    const at = is * classes + votes.indexOf(Math.max(...votes));
    confusion[at] = (confusion[at] ?? 0) + 1;
    rightTrees += votes[is] ?? 0;
  }
  return { confusion, rightTrees };
}
