const MOST_ROUNDS = 200;
const PRECISION = 4 * Number.EPSILON;

/**
 * Where a function that goes from one sign at `low` to the other at `high` is 0: the false position with halved ends (Illinois),
 * and a bisection whenever that gets on slowly.
 */
export function rootBetween(of: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [atA, atB] = [of(a), of(b)];
  for (let round = 0; round < MOST_ROUNDS && atA !== 0 && atB !== 0; round++) {
    const width = Math.abs(b - a);
    if (width <= PRECISION * Math.max(Math.abs(a), Math.abs(b))) break;
    const secant = b - (atB * (b - a)) / (atB - atA);
    const isInside = secant > Math.min(a, b) && secant < Math.max(a, b);
    const next = round % 3 === 2 || !isInside ? a + (b - a) / 2 : secant;
    const atNext = of(next);
    if (Math.sign(atNext) === Math.sign(atB)) atA /= 2;
    else [a, atA] = [b, atB];
    [b, atB] = [next, atNext];
  }
  return atA === 0 ? a : b;
}

/** The first of 1, 2, 4… times `start` at which the function is not negative; undefined when it stays so up to `most`. */
export function firstReach(of: (x: number) => number, start: number, most: number): number | undefined {
  for (let x = start; x <= most; x *= 2) if (of(x) >= 0) return x;
  return undefined;
}
