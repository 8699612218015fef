/**
 * Does `work` for each item, at most `limit` at a time, and takes an item only when there is room for it. After the first
 * failure no more are taken, those at work are told by the signal, and it rejects when they have ended.
 */
export async function inParallel<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const atWork = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    stop.abort();
  };
  let index = 0;
  try {
    for await (const item of items) {
      const working: Promise<void> = work(item, index++, stop.signal)
        .catch(fail)
        .finally(() => atWork.delete(working));
      atWork.add(working);
      while (atWork.size >= limit) await Promise.race(atWork);
      if (stop.signal.aborted) break;
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(atWork);
  if (failures.length > 0) throw failures[0];
}
