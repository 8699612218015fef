import { constants } from 'node:os';
import { readTextIfAny } from '../base/index.js';
import type { Launched } from '../meter/index.js';

/** End the measurement, after they ended the command. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Mean something to the command alone. */
const OTHERS = ['SIGUSR1', 'SIGUSR2'] as const;
/** The terminal sends these to the command too. */
const FROM_TERMINAL: readonly string[] = ['SIGINT', 'SIGQUIT'];

/** Whether a key of the terminal reaches this process: it has a terminal, in whose foreground it is. */
function isInForeground(): boolean {
  const stat = readTextIfAny('/proc/self/stat') ?? '';
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return terminal !== '0' && group === foreground;
}

/** Whether a process has a handler of its own for a signal. */
function catches(pid: number, signal: NodeJS.Signals): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readTextIfAny(`/proc/${pid}/status`) ?? '')?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

/**
 * Passes signals on to the running command and lives on, so that what was measured up to then is still reported; aborts
 * `stop` with the signal's name when it is one that ends. Returns what ends this.
 *
 * A key of the terminal has reached the command already. Who sent a signal can't be told, so it is passed on unless that
 * would do harm: unless the command catches it, when it would be handled twice. A second one is always passed on.
 */
export function passSignals(command: () => Launched | undefined, stop: AbortController): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    const isFirst = !stop.signal.aborted;
    const running = command();
    if ((ENDING as readonly string[]).includes(signal)) stop.abort(signal);
    if (running === undefined) return;
    const hasIt = isFirst && FROM_TERMINAL.includes(signal) && isInForeground();
    if (!(hasIt && catches(running.pid, signal))) running.kill(signal);
  };
  for (const signal of [...ENDING, ...OTHERS]) process.on(signal, pass);
  return () => {
    for (const signal of [...ENDING, ...OTHERS]) process.off(signal, pass);
  };
}
