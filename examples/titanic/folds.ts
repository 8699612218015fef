import { type Random, seededRandom } from 'wattloop/maths';

/** Fisher and Yates. */
function shuffle(list: Int32Array, random: Random): Int32Array {
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [list[last], list[other]] = [list[other] ?? 0, list[last] ?? 0];
  }
  return list;
}

/** Parts of the rows by chance, of about the same size and with about the same part of survivors in each. */
export function stratifiedFolds(labels: Uint8Array, folds: number, seed: number): Int32Array[] {
  const random = seededRandom(seed);
  const rows = Int32Array.from(labels.keys());
  const [died, survived] = [0, 1].map((label) =>
    shuffle(
      rows.filter((row) => labels[row] === label),
      random,
    ),
  );
  const dealt = [...(died ?? []), ...(survived ?? [])];
  return Array.from({ length: folds }, (_, fold) =>
    Int32Array.from(dealt.filter((_, index) => index % folds === fold)),
  );
}

/** All rows that are not in the fold. */
export const allBut = (fold: number, folds: readonly Int32Array[]): Int32Array =>
  Int32Array.from(folds.flatMap((rows, index) => (index === fold ? [] : [...rows])));
