import type { Random } from 'wattloop/maths';
import type { Samples } from '../samples.js';
import type { Binned } from './bins.js';
import { bestSplit, type Split } from './split.js';

/** A tree, by nodes; the first is the root. */
export interface Tree {
  /** The column that a node asks for; -1 for a leaf. */
  readonly columns: Int16Array;
  /** A value up to this goes left. */
  readonly thresholds: Float32Array;
  /** Where a node's left child is; the right one follows it. */
  readonly children: Int32Array;
  /** What most of a node's samples were. */
  readonly labels: Uint8Array;
}

/** Grows a tree until its leaves hold one class each, or can't be split (Breiman, Friedman, Olshen and Stone). */
export function grow(data: Binned, rows: Int32Array, classes: number, random: Random): Tree {
  const columns: number[] = [];
  const thresholds: number[] = [];
  const children: number[] = [];
  const labels: number[] = [];
  const parts: Int32Array[] = [rows];
  // Children are put at the end of the list that is gone through.
  for (const [node, part] of parts.entries()) {
    const counts = new Int32Array(classes);
    for (const row of part) {
      const label = data.labels[row] ?? 0;
      counts[label] = (counts[label] ?? 0) + 1;
    }
    labels[node] = counts.indexOf(Math.max(...counts));
    const split = counts.includes(part.length) ? undefined : bestSplit(data, part, counts, random);
    columns[node] = split?.column ?? -1;
    thresholds[node] = split ? (data.edges[split.column]?.[split.bin] ?? 0) : 0;
    children[node] = parts.length;
    if (!split) continue;
    parts.push(...sides(data, part, split));
  }
  return {
    columns: Int16Array.from(columns),
    thresholds: Float32Array.from(thresholds),
    children: Int32Array.from(children),
    labels: Uint8Array.from(labels),
  };
}

function sides(
  data: Binned,
  rows: Int32Array,
  { column, bin }: Split,
): [left: Int32Array, right: Int32Array] {
  const sorted = new Int32Array(rows.length);
  let [left, right] = [0, rows.length];
  for (const row of rows) {
    const isLeft = (data.bins[column * data.rows + row] ?? 0) <= bin;
    sorted[isLeft ? left++ : --right] = row;
  }
  return [sorted.subarray(0, left), sorted.subarray(left)];
}

/** What a tree takes a sample for. */
export function labelAt(tree: Tree, { columns, values }: Samples, row: number): number {
  let node = 0;
  for (;;) {
    const column = tree.columns[node] ?? -1;
    if (column < 0) return tree.labels[node] ?? 0;
    const isRight = (values[row * columns + column] ?? 0) > (tree.thresholds[node] ?? 0);
    node = (tree.children[node] ?? 0) + Number(isRight);
  }
}
