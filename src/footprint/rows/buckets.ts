/** Rows of a table by bucket: those of bucket `b` stand in `order` at `starts[b]` to before `starts[b + 1]`. */
export interface Buckets {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

/**
 * Sorts rows into buckets by counting, which takes time in proportion to rows and buckets and keeps their order. `bucketOf`
 * gives -1 for rows to leave out.
 */
export function bucketed(
  rows: number,
  rowAt: (place: number) => number,
  buckets: number,
  bucketOf: (row: number) => number,
): Buckets {
  const starts = new Uint32Array(buckets + 1);
  for (let place = 0; place < rows; place++) {
    const bucket = bucketOf(rowAt(place));
    if (bucket >= 0) starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
  }
  for (let bucket = 0; bucket < buckets; bucket++) {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
  }
  const next = starts.slice(0, buckets);
  const order = new Uint32Array(starts[buckets] ?? 0);
  for (let place = 0; place < rows; place++) {
    const row = rowAt(place);
    const bucket = bucketOf(row);
    if (bucket < 0) continue;
    const at = next[bucket] ?? 0;
    order[at] = row;
    next[bucket] = at + 1;
  }
  return { order, starts };
}

/** Sorts within each bucket; what is in order already, as most tables are, is only looked at. */
export function sortBuckets({ order, starts }: Buckets, compare: (a: number, b: number) => number): void {
  for (let bucket = 0; bucket + 1 < starts.length; bucket++) {
    const from = starts[bucket] ?? 0;
    const to = starts[bucket + 1] ?? 0;
    for (let at = from + 1; at < to; at++) {
      if (compare(order[at - 1] ?? 0, order[at] ?? 0) <= 0) continue;
      order.subarray(from, to).sort(compare);
      break;
    }
  }
}
