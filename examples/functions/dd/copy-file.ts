import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from '../shared/random.js';

export interface Copied {
  readonly bytesWritten: number;
  readonly bytesRead: number;
  /** Of what was read: all bytes added up. */
  readonly sum: number;
}

/** Writes a file block by block, makes sure that it is on the disk, reads it back, and removes it. */
export async function copyFile(blocks: number, blockBytes: number, folder = tmpdir()): Promise<Copied> {
  const own = await mkdtemp(join(folder, 'dd-'));
  try {
    const path = join(own, 'file');
    const block = randomBytes(blockBytes, 1);
    const out = await open(path, 'wx');
    let bytesWritten = 0;
    try {
      for (let count = 0; count < blocks; count++) bytesWritten += (await out.write(block)).bytesWritten;
      await out.datasync();
    } finally {
      await out.close();
    }
    return { bytesWritten, ...(await readBack(path, blockBytes)) };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function readBack(path: string, blockBytes: number): Promise<{ bytesRead: number; sum: number }> {
  const file = await open(path, 'r');
  const buffer = new Uint8Array(blockBytes);
  try {
    let [bytesRead, sum] = [0, 0];
    for (;;) {
      const read = await file.read(buffer, 0, blockBytes);
      if (read.bytesRead === 0) return { bytesRead, sum };
      bytesRead += read.bytesRead;
      for (let at = 0; at < read.bytesRead; at++) sum += buffer[at] ?? 0;
    }
  } finally {
    await file.close();
  }
}
