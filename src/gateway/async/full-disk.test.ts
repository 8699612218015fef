import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { exampleAnswer, exampleRequest, openCalls } from './testing/example.js';

/** A disk of four MiB; undefined where none may be mounted. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

it('refuses calls while the disk is full, loses none, and takes them again when there is room', async (context) => {
  const disk = smallDisk();
  if (disk === undefined) return context.skip('no file system may be mounted here');
  let isOpen = false;
  let invoked = 0;
  const gate: (() => void)[] = [];
  const calls = await openCalls(
    async () => {
      invoked++;
      if (!isOpen) await new Promise<void>((resolve) => gate.push(resolve));
      return exampleAnswer();
    },
    { folder: join(disk, 'gateway') },
  );
  onTestFinished(() => calls.close());
  const accept = (bytes: number): ReturnType<typeof calls.accept> =>
    calls.accept(exampleRequest({ body: Readable.from([Buffer.alloc(bytes)]) }));
  let accepted = 0;
  for (let outcome = await accept(1e4); outcome.isAccepted; outcome = await accept(1e4)) accepted++;
  expect(accepted).toBeGreaterThan(10);
  expect(await accept(1e4)).toMatchObject({ httpStatus: 503, retryAfterSeconds: 1 });
  expect(calls.ailment()).toMatch(/no room left/);
  // Large bodies never get as far as the database.
  expect(await accept(5e6)).toMatchObject({
    httpStatus: 503,
    message: expect.stringContaining('the disk did not take'),
  });
  // What is done now can't be written down until there is room.
  isOpen = true;
  for (const open of gate) open();
  execFileSync('mount', ['-o', 'remount,size=32m', disk]);
  while (calls.stats().pending > 0) await setImmediate();
  expect(calls.stats()).toMatchObject({ done: accepted, bytes: 0 });
  expect(invoked).toBe(accepted);
  expect(await accept(1e4)).toMatchObject({ isAccepted: true });
  expect(calls.ailment()).toBeUndefined();
});
