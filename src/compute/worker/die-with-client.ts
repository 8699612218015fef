import { createRequire } from 'node:module';

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Has the kernel end this process when the client's main thread does, however that came about: a function that never
 * lets go of the processor would not see that the channel closed. Where no native call can be made, that is all there is.
 */
export function dieWithClient(clientPid: number): void {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const prctl = koffi
      .load(null)
      .func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  } catch {
    // The channel's end is enough for all that lets the event loop turn.
  }
  // It may have died before it was asked to be followed.
  if (process.ppid !== clientPid) process.exit(0);
  process.on('disconnect', () => killGroup());
}

/** This process leads a group of its own: commands that it started go with it. */
function killGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(0);
  }
}
