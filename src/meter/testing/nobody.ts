import { chmodSync } from 'node:fs';

/** Whether this process can take on the rights of nobody, to see what an ordinary user sees. */
export const canBeNobody = process.geteuid?.() === 0 && process.seteuid !== undefined;

/** Runs `work` with the rights of nobody on a fixture that only its owner may enter otherwise. */
export async function asNobody<T>(root: string, work: () => Promise<T>): Promise<T> {
  chmodSync(root, 0o755);
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
