/** Chance that a seed determines: the same seed gives the same numbers on every machine. */
export interface Random {
  /** From 0 to below 1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** With mean 1. */
  exponential(): number;
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  /** A source of its own: what it gives doesn't depend on how much is taken from this one. */
  fork(name: string): Random;
}

/** Spreads a text over 32 bits (FNV-1a, then a finaliser, so that names that differ in one letter have nothing in common). */
function hash(text: string, seed: number): number {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** Small, fast and without known faults below 2^128 numbers: sfc32. */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [seed | 0, (seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  const uniform = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
  return {
    uniform,
    // Box and Muller; 1 - u is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: () => -Math.log(1 - uniform()),
    below: (bound) => Math.floor(uniform() * bound),
    fork: (name) => seededRandom(hash(name, seed)),
  };
}
