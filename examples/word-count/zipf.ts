/**
 * Draws items by Zipf's law, as words are in languages: the second is half as frequent as the first, the third a third as
 * frequent, and so on.
 */
export function zipf<Item>(items: readonly [Item, ...Item[]], random: () => number): () => Item {
  let sum = 0;
  const upTo = items.map((_, index) => {
    sum += 1 / (index + 1);
    return sum;
  });
  return () => {
    const drawn = random() * sum;
    let [low, high] = [0, items.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (drawn < (upTo[middle] ?? sum)) high = middle;
      else low = middle + 1;
    }
    return items[low] ?? items[0];
  };
}
