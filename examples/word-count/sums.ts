export type WordCount = readonly [word: string, count: number];

/** One count of each word. */
export function sumByWord(counts: readonly WordCount[]): WordCount[] {
  const sums = new Map<string, number>();
  for (const [word, count] of counts) sums.set(word, (sums.get(word) ?? 0) + count);
  return [...sums];
}

/** The most frequent words; equally frequent ones in the order of the alphabet, so that every run names the same. */
export const mostFrequent = (counts: readonly WordCount[], howMany: number): WordCount[] =>
  counts.toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, howMany);
