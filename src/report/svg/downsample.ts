/** Where each of at most `most` equal parts of `count` ticks begins, and the end of the last. */
export function partBounds(count: number, most: number): number[] {
  const parts = Math.max(0, Math.min(count, Math.floor(most)));
  return Array.from({ length: parts + 1 }, (_, part) =>
    parts === 0 ? 0 : Math.floor((part * count) / parts),
  );
}

/** Means over the parts, so that the area under them is that under the values. NaN where a part has no value. */
export function means(values: Float64Array, bounds: readonly number[]): Float64Array {
  return Float64Array.from({ length: Math.max(0, bounds.length - 1) }, (_, part) => {
    let sum = 0;
    let count = 0;
    for (let tick = bounds[part] ?? 0; tick < (bounds[part + 1] ?? 0); tick++) {
      const value = values[tick] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
    return count === 0 ? Number.NaN : sum / count;
  });
}

export interface Extreme {
  readonly tick: number;
  readonly value: number;
}

/** The least and the most of each part, in the order in which they came; none of a part without a value. */
export function extremes(values: Float64Array, bounds: readonly number[]): Extreme[][] {
  return Array.from({ length: Math.max(0, bounds.length - 1) }, (_, part) => {
    let least: Extreme | undefined;
    let most: Extreme | undefined;
    for (let tick = bounds[part] ?? 0; tick < (bounds[part + 1] ?? 0); tick++) {
      const value = values[tick] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (least === undefined || value < least.value) least = { tick, value };
      if (most === undefined || value > most.value) most = { tick, value };
    }
    if (least === undefined || most === undefined) return [];
    if (least.tick === most.tick) return [least];
    return least.tick < most.tick ? [least, most] : [most, least];
  });
}
