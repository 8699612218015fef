import type { EffectSize, MeanRatio } from '../maths/index.js';

/** Usual words for effects: |d| below 0.2, 0.5, 0.8, and above (Cohen). */
export const EFFECT_WORDS = ['negligible', 'small', 'medium', 'large'] as const;
export type EffectWord = (typeof EFFECT_WORDS)[number];

/** How the values of one set of repetitions differ from those of another. */
export interface Difference {
  /** Values on either side. */
  readonly counts: readonly [from: number, to: number];
  readonly means: readonly [from: number, to: number];
  /** The second mean less the first, and its 95 % interval. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The second mean over the first; absent where one is 0. */
  readonly ratio?: MeanRatio;
  /** Welch's test. `t` is infinite where there is a difference and no spread at all. */
  readonly t: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** `p` made honest about how many such tests were made (Holm). */
  readonly adjustedP: number;
  /** Whether chance alone would show such a difference in fewer than 5 of 100 such experiments. */
  readonly isSignificant: boolean;
  /** Absent where neither side has any spread. */
  readonly effect?: EffectSize;
  readonly effectWord?: EffectWord;
}
