/** Objects that are read at once: enough to hide how long one takes to come, few enough for file handles and sockets. */
const AT_ONCE = 16;

/** Calls `work` for all items, some at a time, and gives the answers in the order of the items. The first error ends it. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const answers = new Array<R>(items.length);
  const entries = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    // All lanes draw from one iterator.
    for (const [index, item] of entries) {
      if (failed) return;
      try {
        answers[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return answers;
}
