import { random } from '../shared/random.js';
import type { Samples, Trained } from './samples.js';

const DEEPEST = 8;
const LEAST_ROWS = 4;
/** Values of a feature at which it is tried to split. */
const SPLITS = 16;

interface Split {
  readonly feature: number;
  readonly below: number;
  readonly left: Node;
  readonly right: Node;
}
type Node = Split | number;

/** How mixed classes are, times the rows: 0 when all are of one. */
const mixed = (ones: number, rows: number): number => (rows === 0 ? 0 : ones * (1 - ones / rows));

/** Trees that each see rows and features by chance; the majority decides. */
export function randomForest(data: Samples, trees: number, seed: number): Trained {
  const next = random(seed);
  const grower = new Grower(data, next);
  const roots = Array.from({ length: trees }, () =>
    grower.grow(
      Uint32Array.from({ length: data.rows }, () => Math.floor(next() * data.rows)),
      0,
    ),
  );
  return {
    classifier: (row) =>
      Number(roots.reduce<number>((votes, root) => votes + decide(root, row), 0) * 2 > trees),
    operations: grower.operations,
  };
}

function decide(root: Node, row: Float64Array): number {
  let node = root;
  while (typeof node !== 'number') node = (row[node.feature] ?? 0) < node.below ? node.left : node.right;
  return node;
}

class Grower {
  readonly #data: Samples;
  readonly #next: () => number;
  operations = 0;

  constructor(data: Samples, next: () => number) {
    this.#data = data;
    this.#next = next;
  }

  grow(rows: Uint32Array, depth: number): Node {
    const { labels } = this.#data;
    const ones = rows.reduce((sum, row) => sum + (labels[row] ?? 0), 0);
    const majority = Number(2 * ones > rows.length);
    if (depth === DEEPEST || rows.length < LEAST_ROWS || ones === 0 || ones === rows.length) return majority;
    const best = this.#bestSplit(rows);
    if (best === undefined) return majority;
    const isLeft = (row: number): boolean => this.#value(row, best.feature) < best.below;
    const left = rows.filter(isLeft);
    const right = rows.filter((row) => !isLeft(row));
    return { ...best, left: this.grow(left, depth + 1), right: this.grow(right, depth + 1) };
  }

  /** Of some features by chance, the split that leaves the classes least mixed. */
  #bestSplit(rows: Uint32Array): { feature: number; below: number } | undefined {
    const { features } = this.#data;
    const tried = Math.ceil(Math.sqrt(features));
    let best: { feature: number; below: number } | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < tried * SPLITS; turn++) {
      const feature = Math.floor(this.#next() * features);
      const below = this.#value(rows[Math.floor(this.#next() * rows.length)] ?? 0, feature);
      const rest = this.#mixedAfter(rows, feature, below);
      if (rest >= least) continue;
      [best, least] = [{ feature, below }, rest];
    }
    return best;
  }

  /** Infinity for a split that leaves one side empty. */
  #mixedAfter(rows: Uint32Array, feature: number, below: number): number {
    const { labels } = this.#data;
    let [left, leftOnes, ones] = [0, 0, 0];
    for (const row of rows) {
      const label = labels[row] ?? 0;
      ones += label;
      if (this.#value(row, feature) >= below) continue;
      left++;
      leftOnes += label;
    }
    this.operations += rows.length;
    if (left === 0 || left === rows.length) return Number.POSITIVE_INFINITY;
    return mixed(leftOnes, left) + mixed(ones - leftOnes, rows.length - left);
  }

  #value(row: number, feature: number): number {
    return this.#data.values[row * this.#data.features + feature] ?? 0;
  }
}
