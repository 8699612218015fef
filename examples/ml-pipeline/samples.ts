/** Things that are known by numbers, row by row, and what each of them is. */
export interface Samples {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly labels: Uint8Array;
}

/** What is learnt from, and what is kept to see how much was learnt. */
export interface Block {
  readonly train: Samples;
  readonly test: Samples;
}

/** All as one, in their order. */
export function joined(parts: readonly Samples[]): Samples {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = parts[0]?.columns ?? 0;
  const values = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at * columns);
    labels.set(part.labels, at);
    at += part.rows;
  }
  return { rows, columns, values, labels };
}
