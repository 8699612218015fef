import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Driver from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AsyncCalls } from '../async-calls.js';
import { exampleAnswer, exampleRequest, freshFolder, openCalls } from '../testing/example.js';

async function open(folder: string): Promise<AsyncCalls> {
  const calls = await openCalls(async () => exampleAnswer(), { folder });
  onTestFinished(() => calls.close());
  return calls;
}

/** A folder in which so many calls wait. */
async function waiting(count: number): Promise<string> {
  const folder = freshFolder();
  const calls = await openCalls(async () => exampleAnswer(), { folder });
  await calls.drain(new AbortController().signal);
  await Promise.all(Array.from({ length: count }, () => calls.accept(exampleRequest())));
  await calls.close();
  return folder;
}

describe('the database of asynchronous calls', () => {
  it('is one gateway’s alone, until it ends', async () => {
    const folder = freshFolder();
    const first = await openCalls(async () => exampleAnswer(), { folder });
    await expect(open(folder)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('is in use by another gateway'),
      remedy: expect.stringContaining('data_dir'),
    });
    // The first one goes on.
    expect(await first.accept(exampleRequest())).toMatchObject({ isAccepted: true });
    await first.close();
    await open(folder);
  });

  it.each([
    [
      'text',
      (path: string) => writeFileSync(path, 'my diary\n'.repeat(1_000)),
      'damaged or no SQLite database',
    ],
    ['cut short', (path: string) => truncateSync(path, 2 * 4_096), 'damaged'],
    [
      'overwritten',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes.fill(0x5a, 4_096);
        writeFileSync(path, bytes);
      },
      'damaged',
    ],
  ])('that is %s is refused with what to do, and left as it is', async (_, damage, message) => {
    const folder = await waiting(200);
    const path = join(folder, 'calls.db');
    damage(path);
    const before = readFileSync(path);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'knowledge_failed',
      message: expect.stringMatching(new RegExp(`${path}.*${message}`)),
      remedy: expect.stringContaining('Move it away'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('of another program, or of a later Wattloop, is refused', async () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    const other = new Driver(join(folder, 'calls.db'));
    other.exec('CREATE TABLE diary (day TEXT)');
    other.close();
    await expect(open(folder)).rejects.toMatchObject({
      message: expect.stringContaining("another program's database"),
    });
    const later = await waiting(1);
    const file = new Driver(join(later, 'calls.db'));
    file.exec('PRAGMA user_version = 99');
    file.close();
    await expect(open(later)).rejects.toMatchObject({ message: expect.stringContaining('of version 99') });
  });

  it('costs nobody else when one call in it is damaged', async () => {
    const folder = await waiting(5);
    const file = new Driver(join(folder, 'calls.db'));
    file.exec("UPDATE requests SET headers = 'no JSON' WHERE key = 3");
    file.close();
    const calls = await open(folder);
    while (calls.stats().done < 4) await setImmediate();
    while (calls.stats().running > 0) await setImmediate();
    // It stays, for its owner to look at.
    expect(calls.stats()).toMatchObject({ pending: 1, done: 4 });
    expect(await calls.accept(exampleRequest())).toMatchObject({ isAccepted: true });
  });

  it('takes up many calls at once', async () => {
    const folder = await waiting(15_000);
    const calls = await open(folder);
    expect(calls.stats().pending).toBeGreaterThan(14_000);
    while (calls.stats().pending > 0) await setImmediate();
    expect(calls.stats()).toMatchObject({ done: 15_000, bytes: 0, waiting: {} });
  });
});
