/** Whether `a` is nowhere worse than `b`, and better somewhere; less is better. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let isBetter = false;
  for (const [dimension, value] of a.entries()) {
    const other = b[dimension] ?? Number.NaN;
    if (!(value <= other)) return false;
    isBetter ||= value < other;
  }
  return isBetter;
}

/** For each point those that dominate it, by their indices; none for the points of the Pareto front. */
export const dominators = (points: readonly (readonly number[])[]): number[][] =>
  points.map((point) => points.flatMap((other, index) => (dominates(other, point) ? [index] : [])));

/**
 * The point of a front that gives up least: closest to the best of all dimensions at once, each measured from its best (0) to its
 * worst (1) among them. Undefined for fewer than three points, which have no middle.
 */
export function kneeOf(front: readonly (readonly number[])[]): number | undefined {
  if (front.length < 3) return undefined;
  const dimensions = front[0]?.length ?? 0;
  const ranges = Array.from({ length: dimensions }, (_, dimension) => {
    const values = front.map((point) => point[dimension] ?? Number.NaN);
    return { best: Math.min(...values), worst: Math.max(...values) };
  });
  const distances = front.map((point) =>
    Math.hypot(
      ...ranges.map(({ best, worst }, dimension) =>
        worst > best ? ((point[dimension] ?? Number.NaN) - best) / (worst - best) : 0,
      ),
    ),
  );
  return distances.indexOf(Math.min(...distances));
}
