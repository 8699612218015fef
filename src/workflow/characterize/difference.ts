import { effectSize, holm, meanRatio, welchTest } from '../../maths/index.js';
import { type Difference, EFFECT_WORDS, type EffectWord } from '../../model/index.js';

export const SIGNIFICANCE = 0.05;

/** Cohen's borders between the words. */
const BORDERS = [0.2, 0.5, 0.8] as const;

const effectWord = (effect: number): EffectWord =>
  EFFECT_WORDS[BORDERS.filter((border) => Math.abs(effect) >= border).length] ?? 'large';

export interface Pair {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The p of every pair, adjusted for how many there are or could have been; undefined for pairs with too few values. */
function adjusted(pairs: readonly Pair[], family: number): (number | undefined)[] {
  const raw = pairs.map(({ from, to }) => welchTest(from, to)?.p);
  const known = raw.flatMap((p, index) => (p === undefined ? [] : [{ p, index }]));
  const all = new Array<number | undefined>(pairs.length).fill(undefined);
  const found = holm(
    known.map(({ p }) => p),
    Math.max(family, known.length),
  );
  for (const [place, { index }] of known.entries()) all[index] = found[place];
  return all;
}

/**
 * Tests made together. Where the pairs were chosen by looking at the values (the best against all others), `family` counts all
 * the pairs that could have been chosen, else chance would find the best of equals significant. Undefined for a pair of which
 * one side has fewer than two values.
 */
export function differences(pairs: readonly Pair[], family = pairs.length): (Difference | undefined)[] {
  const adjustedPs = adjusted(pairs, family);
  return pairs.map(({ from, to }, index) => {
    const test = welchTest(from, to);
    const adjustedP = adjustedPs[index];
    if (test === undefined || adjustedP === undefined) return undefined;
    const ratio = meanRatio(from, to);
    const effect = effectSize(from, to);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      counts: [from.length, to.length],
      means: [mean(from), mean(to)],
      value: test.difference,
      low: test.low,
      high: test.high,
      ...(ratio && { ratio }),
      t: test.t,
      degreesOfFreedom: test.degreesOfFreedom,
      p: test.p,
      adjustedP,
      isSignificant: adjustedP < SIGNIFICANCE,
      ...(effect && { effect, effectWord: effectWord(effect.hedgesG) }),
    };
  });
}
