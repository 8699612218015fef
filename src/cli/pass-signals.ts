import { readTextIfAny } from '../base/index.js';
import type { RunningCommand } from '../meter/index.js';

/** End the measurement, after they ended the command. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Mean something to the command alone. */
const OTHERS = ['SIGUSR1', 'SIGUSR2'] as const;
/** Those that keys of a terminal send. */
const FROM_KEYS: readonly string[] = ['SIGINT', 'SIGQUIT'];

/** Whether a key of the terminal reaches this process: it has a terminal, in whose foreground it is. */
function isInForeground(): boolean {
  const stat = readTextIfAny('/proc/self/stat') ?? '';
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return terminal !== undefined && terminal !== '0' && group === foreground;
}

/**
 * Passes signals on to the running command and lives on, so that what was measured up to then is still reported; aborts
 * `stop` with the signal's name when it is one that ends. Returns what ends this.
 *
 * Who sent a signal can't be told: in the foreground of a terminal it may have been a key, which reached the command too.
 * A second one is passed on in any case.
 */
export function passSignals(command: () => RunningCommand | undefined, stop: AbortController): () => void {
  const interrupt = (signal: NodeJS.Signals): void => {
    const mayHaveIt = !stop.signal.aborted && FROM_KEYS.includes(signal) && isInForeground();
    stop.abort(signal);
    command()?.interrupt(signal, mayHaveIt);
  };
  const pass = (signal: NodeJS.Signals): void => command()?.kill(signal);
  for (const signal of ENDING) process.on(signal, interrupt);
  for (const signal of OTHERS) process.on(signal, pass);
  return () => {
    for (const signal of ENDING) process.off(signal, interrupt);
    for (const signal of OTHERS) process.off(signal, pass);
  };
}
