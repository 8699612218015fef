function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitute));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/**
 * The candidate that `word` must have been meant for: one that differs in a third of its letters at most, regardless of
 * case. Undefined where none is so near.
 */
export function misspelt(word: string, candidates: Iterable<string>): string | undefined {
  const near = closest(word, candidates);
  if (near === undefined) return undefined;
  const isNear = distance(word.toLowerCase(), near.toLowerCase()) <= Math.floor(word.length / 3);
  return isNear ? near : undefined;
}

/** The candidate that is most like `word` (fewest edits), or undefined when there are no candidates. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}
