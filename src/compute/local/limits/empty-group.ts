import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { foldersBelow, pidsIn } from '../../../meter/index.js';
import { removeIfEmpty } from './client-group.js';

/** A process that was killed leaves its group when the kernel gets round to it. */
const ROUNDS = 100;
const ROUND_MILLISECONDS = 10;

/** Kills what lives in a group and below it and removes the folders, the innermost first; false when one withstands. */
export async function emptyGroup(folder: string): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of foldersBelow(folder)) {
      for (const pid of pidsIn(one)) killIfAny(pid);
      removeIfEmpty(one);
    }
    if (!existsSync(folder)) return true;
    await sleep(ROUND_MILLISECONDS);
  }
  return false;
}

function killIfAny(pid: number): void {
  // 0 is a process of a namespace that can't be seen from here; to kill it would be to kill this client's own group.
  if (pid <= 0 || pid === process.pid) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
