import type { Votes } from './forest/vote.js';

export interface Accuracy {
  readonly tested: number;
  /** The part that the forest took for what it is. */
  readonly accuracy: number;
  /** The same of one tree, on average. */
  readonly treeAccuracy: number;
  /** By digit. */
  readonly recall: readonly number[];
  /** What was taken wrongly most often. */
  readonly worst: { readonly digit: number; readonly takenFor: number; readonly times: number };
}

export function accuracyOf(parts: readonly Votes[], classes: number, trees: number): Accuracy {
  const at = (digit: number, takenFor: number): number =>
    parts.reduce((sum, { confusion }) => sum + (confusion[digit * classes + takenFor] ?? 0), 0);
  const digits = Array.from({ length: classes }, (_, digit) => digit);
  const counts = digits.map((digit) => sum(digits.map((other) => at(digit, other))));
  const tested = sum(counts);
  const wrong = digits.flatMap((digit) =>
    digits.flatMap((takenFor) => (takenFor === digit ? [] : { digit, takenFor, times: at(digit, takenFor) })),
  );
  const [worst = { digit: 0, takenFor: 0, times: 0 }] = wrong.sort((a, b) => b.times - a.times);
  return {
    tested,
    accuracy: rounded(sum(digits.map((digit) => at(digit, digit))) / tested),
    treeAccuracy: rounded(sum(parts.map(({ rightTrees }) => rightTrees)) / (tested * trees)),
    recall: digits.map((digit, index) => rounded(at(digit, digit) / (counts[index] ?? 0))),
    worst,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
