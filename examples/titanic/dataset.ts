/** One question with yes or no for an answer: whether a passenger was of this level, or of these two. */
export interface Column {
  readonly name: string;
  /** How many columns there are of which exactly one is 1, this among them. */
  readonly levels: number;
}

/** Features of passengers, each 0 or 1, row by row. */
export interface Dataset {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly values: Uint8Array;
  /** 1 for those who survived. */
  readonly labels: Uint8Array;
}

/** Some rows, in this order. */
export function rowsOf(data: Dataset, chosen: Int32Array): Dataset {
  const width = data.columns.length;
  const values = new Uint8Array(chosen.length * width);
  chosen.forEach((row, index) => {
    values.set(data.values.subarray(row * width, (row + 1) * width), index * width);
  });
  return {
    ...data,
    rows: chosen.length,
    values,
    labels: Uint8Array.from(chosen, (row) => data.labels[row] ?? 0),
  };
}

/** The same without the columns that are made of two fields. */
export function withoutCrosses(data: Dataset): Dataset {
  const kept = data.columns.flatMap(({ name }, index) => (name.includes(' & ') ? [] : index));
  const values = new Uint8Array(data.rows * kept.length);
  for (let row = 0; row < data.rows; row++) {
    kept.forEach((column, index) => {
      values[row * kept.length + index] = data.values[row * data.columns.length + column] ?? 0;
    });
  }
  return { ...data, columns: data.columns.filter((_, index) => kept.includes(index)), values };
}
