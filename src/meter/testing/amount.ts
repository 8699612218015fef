import fc from 'fast-check';

/** Below this a double has fewer digits than others, and a relative error means nothing. */
const LEAST = 1e-200;

/** Any amount from 0 to `max`, the very small ones and 0 included, as far as doubles count exactly. */
export const anyAmount = (max: number): fc.Arbitrary<number> =>
  fc.double({ min: 0, max, noNaN: true }).map((value) => (value < LEAST ? 0 : value));
