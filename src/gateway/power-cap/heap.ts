/** A binary heap: the first of its items by an order, found at once, taken or added in O(log n). */
export class Heap<Item> {
  readonly #isBefore: (a: Item, b: Item) => boolean;
  #items: Item[] = [];

  constructor(isBefore: (a: Item, b: Item) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  get first(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let index = items.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !this.#isBefore(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  pop(): Item | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return first;
  }

  /** Leaves out all that is not wanted any more. */
  keep(isWanted: (item: Item) => boolean): void {
    const items = this.#items.filter(isWanted);
    this.#items = [];
    for (const item of items) this.push(item);
  }

  /** Puts an item where the first was. */
  #sink(item: Item): void {
    const items = this.#items;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let below = items[child];
      const other = items[child + 1];
      if (below !== undefined && other !== undefined && this.#isBefore(other, below)) {
        child++;
        below = other;
      }
      if (below === undefined || !this.#isBefore(below, item)) break;
      items[index] = below;
      index = child;
    }
    items[index] = item;
  }
}
