/** A place in a text: both from 0. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Offsets and places of one text, told from one another. */
export class TextLines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  placeOf(offset: number): TextPlace {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (this.#starts[low] ?? 0) };
  }

  offsetOf({ line, column }: TextPlace): number | undefined {
    const start = this.#starts[line];
    return start === undefined ? undefined : start + column;
  }
}
