/** Lists as one list. A list alone stays the one that it is. */
export function joined(lists: readonly unknown[][]): unknown[] {
  const [only] = lists;
  // Unlike push, concat keeps holes.
  return lists.length === 1 && only ? only : ([] as unknown[]).concat(...lists);
}
