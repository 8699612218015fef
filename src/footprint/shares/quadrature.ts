/** Where to look at a function between 0 and 1, and how much each look counts, so that the weighted sum is its integral. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known = new Map<number, Quadrature>();

/** Legendre's polynomial of this degree and its derivative. */
function legendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let [value, before] = [1, 0];
  for (let k = 0; k < degree; k++)
    [value, before] = [((2 * k + 1) * x * value - k * before) / (k + 1), value];
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}

/** Gauss and Legendre's rule: exact for polynomials of degrees up to `2 · count − 1`. */
export function gaussLegendre(count: number): Quadrature {
  const before = known.get(count);
  if (before !== undefined) return before;
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    // Newton's steps double the digits; the start has two.
    for (let step = 0; step < 6; step++) {
      const { value, slope } = legendre(count, x);
      x -= value / slope;
    }
    const { slope } = legendre(count, x);
    nodes[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  const rule = { nodes, weights };
  known.set(count, rule);
  return rule;
}
