import type { ChildProcess } from 'node:child_process';

const DRAIN_MILLISECONDS = 200;

/** Until both pipes of a process that has ended are read to their end, or for a moment when someone else holds them. */
export function drained(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const open = [child.stdout, child.stderr].filter((stream) => stream && !stream.closed);
    let left = open.length;
    if (left === 0) return resolve();
    const timer = setTimeout(resolve, DRAIN_MILLISECONDS);
    for (const stream of open) {
      stream?.once('close', () => {
        if (--left > 0) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });
}
