/** How many invocations of each function run through a whole tick; those with any are walked without looking at the rest. */
export class Running {
  readonly #counts: Uint32Array;
  readonly #active: Uint32Array;
  /** Where a function stands among the active. */
  readonly #places: Uint32Array;
  #activeCount = 0;

  constructor(functions: number) {
    this.#counts = new Uint32Array(functions);
    this.#active = new Uint32Array(functions);
    this.#places = new Uint32Array(functions);
  }

  begin(index: number): void {
    const count = this.#counts[index] ?? 0;
    this.#counts[index] = count + 1;
    if (count > 0) return;
    this.#places[index] = this.#activeCount;
    this.#active[this.#activeCount++] = index;
  }

  end(index: number): void {
    const count = (this.#counts[index] ?? 0) - 1;
    this.#counts[index] = count;
    if (count > 0) return;
    const last = this.#active[--this.#activeCount] ?? 0;
    const place = this.#places[index] ?? 0;
    this.#active[place] = last;
    this.#places[last] = place;
  }

  walk(visit: (index: number, count: number) => void): void {
    for (let i = 0; i < this.#activeCount; i++) {
      const index = this.#active[i] ?? 0;
      visit(index, this.#counts[index] ?? 0);
    }
  }
}
