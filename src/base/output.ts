import { writeSync } from 'node:fs';
import { ErrorCode, messageOf, systemCode, WattloopError } from '../errors/index.js';

// Written by system calls and not by process.stdout and process.stderr: those turn a pipe that is shared with a command
// non-blocking, which the command does not expect, and may lose the end of a text when the process exits.
const STDOUT = 1;
const STDERR = 2;
const RETRY_MILLISECONDS = 5;
const waiting = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it, however slowly the reader reads. */
function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error;
      // Another process that has the pipe made it non-blocking.
      Atomics.wait(waiting, 0, 0, RETRY_MILLISECONDS);
    }
  }
}

/** Results to stdout. False when nobody reads any more ("wattloop top | head"). */
export function writeOutput(text: string): boolean {
  try {
    writeWhole(STDOUT, text);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EPIPE') return false;
    throw new WattloopError(ErrorCode.writeFailed, `could not write to stdout: ${messageOf(error)}`, {
      remedy: 'Send it where there is room, or leave stdout open',
      cause: error,
    });
  }
}

/** Takes away what is drawn on stderr; undefined while nothing is. */
let takeAway: (() => string) | undefined;

/**
 * From now on something is drawn at the end of stderr and drawn over. `erase` gives the text that takes it away: lines that
 * others write come before, so that they stay, and it is drawn anew below them. Returns what ends this.
 */
export function drawnOnError(erase: () => string): () => void {
  takeAway = erase;
  return () => {
    if (takeAway === erase) takeAway = undefined;
  };
}

/** Everything else to stderr. Never throws: there is nowhere left to say so. */
export function writeError(text: string): void {
  drawError(`${takeAway?.() ?? ''}${text}`);
}

/** To stderr, by what is drawn there itself. */
export function drawError(text: string): void {
  try {
    writeWhole(STDERR, text);
  } catch {
    // Closed, full or gone.
  }
}
