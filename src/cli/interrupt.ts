const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** When what was ended at once has not come to its end by then, nothing will: a server that does not answer, say. */
const LAST_MILLISECONDS = 3_000;

/**
 * Runs `work`, which goes on to its own end when the user ends the program. `signal` aborts at the first signal: what runs
 * ends in order. `hurry` aborts at the second: nothing is waited for any more.
 */
export async function interruptible(
  work: (signal: AbortSignal, hurry: AbortSignal) => Promise<void>,
): Promise<void> {
  const first = new AbortController();
  const second = new AbortController();
  const interrupt = (): void => {
    if (second.signal.aborted) process.exit(1);
    if (first.signal.aborted) {
      second.abort();
      setTimeout(() => process.exit(1), LAST_MILLISECONDS).unref();
    }
    first.abort();
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    await work(first.signal, second.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt);
  }
}
