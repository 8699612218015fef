/**
 * A function of pressure between 0 and `now` as a parabola through three of its values: what is asked of it for every function
 * of a step bends little. With `constant` it is asked once.
 */
export function throughThree(
  now: number,
  constant: boolean,
  at: (pressure: number) => number,
): (pressure: number) => number {
  const full = at(now);
  if (constant) return () => full;
  const [half, none] = [at(now / 2), at(0)];
  return (pressure) => {
    const x = pressure / now;
    return none * (1 - x) * (1 - 2 * x) + half * 4 * x * (1 - x) + full * x * (2 * x - 1);
  };
}
