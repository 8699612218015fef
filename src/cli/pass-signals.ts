import { readFileSync } from 'node:fs';
import type { Launched } from '../meter/index.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** The terminal itself sends these to the command too: passing them on would deliver them twice. */
const FROM_TERMINAL: readonly string[] = ['SIGINT', 'SIGQUIT'];

/** Whether this process has a terminal that a Ctrl-C can come from (field 7 of /proc/self/stat, `tty_nr`). */
function hasTerminal(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[4] !== '0';
  } catch {
    return false;
  }
}

/**
 * Passes signals on to the running command and lives on, so that what was measured up to then is still reported. Returns
 * what ends this. A second Ctrl-C from a terminal is passed on too, for commands that did not get the first.
 */
export function passSignals(command: () => Launched | undefined, stop: AbortController): () => void {
  const terminal = hasTerminal();
  const handlers = SIGNALS.map((signal) => {
    const handler = (): void => {
      const first = !stop.signal.aborted;
      stop.abort();
      if (!(terminal && first && FROM_TERMINAL.includes(signal))) command()?.kill(signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}
