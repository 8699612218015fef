import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { Knowledge } from './knowledge.js';
import { Child } from './testing/child.js';
import { exampleInvocation } from './testing/example-invocation.js';
import { freshPath } from './testing/folder.js';

/** A knowledge base with a run of so many invocations, closed and settled by a process that has ended. */
async function written(count: number): Promise<string> {
  const path = freshPath();
  const child = new Child(
    path,
    `knowledge.beginRun({ id: 'run-1', workflow: 'pi' });
    const example = ${JSON.stringify(exampleInvocation('run-1', 0))};
    for (let partition = 0; partition < ${count}; partition++) knowledge.record({ ...example, partition });
    knowledge.endRun('run-1', { status: 'done' });
    knowledge.close();`,
  );
  expect(await child.done).toEqual({ code: 0, stderr: '' });
  return path;
}

describe('a file that is no knowledge base', () => {
  it('is refused and left as it is', async () => {
    const path = freshPath();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'my diary\n'.repeat(1_000));
    await expect(Knowledge.open(path)).rejects.toMatchObject({
      code: 'knowledge_failed',
      message: expect.stringContaining(`${path} is damaged or no SQLite database`),
      remedy: expect.stringContaining('Move it away'),
    });
    expect(readFileSync(path, 'utf8')).toBe('my diary\n'.repeat(1_000));
  });

  it('is refused when it is a folder, or below a file', async () => {
    const path = freshPath();
    mkdirSync(path, { recursive: true });
    await expect(Knowledge.open(path)).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('could not be opened'),
    });
    writeFileSync(join(path, 'file'), '');
    await expect(Knowledge.open(join(path, 'file', 'data', 'x.db'))).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('could not make the folder'),
    });
  });

  it('is not made by one who only reads', async () => {
    const path = freshPath();
    await expect(Knowledge.open(path, { readOnly: true })).rejects.toMatchObject({ code: 'not_found' });
    expect(existsSync(dirname(path))).toBe(false);
  });
});

describe('a damaged knowledge base', () => {
  it.each([
    ['cut short', (path: string) => truncateSync(path, 3 * 4_096)],
    [
      'overwritten in the middle',
      (path: string) => {
        const descriptor = openSync(path, 'r+');
        for (let page = 8; page < 40; page++)
          writeSync(descriptor, Buffer.alloc(4_096, 0x5a), 0, 4_096, page * 4_096);
        closeSync(descriptor);
      },
    ],
  ])('that was %s says so, and what to do', async (_, damage) => {
    const path = await written(500);
    damage(path);
    const before = readFileSync(path);
    const read = async (): Promise<void> => {
      const knowledge = await Knowledge.open(path, { readOnly: true });
      try {
        for (const _each of knowledge.invocations('run-1'));
      } finally {
        knowledge.close();
      }
    };
    await expect(read()).rejects.toMatchObject({
      code: 'knowledge_failed',
      message: expect.stringContaining('damaged'),
      remedy: expect.stringContaining('.recover'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('a knowledge base that may only be read', () => {
  it('is read and refuses to be written', async () => {
    const path = await written(3);
    const knowledge = await Knowledge.open(path, { readOnly: true });
    expect(knowledge.countInvocations('run-1')).toBe(3);
    expect(() => knowledge.beginRun({ id: 'run-2', workflow: 'pi' })).toThrow(
      expect.objectContaining({
        code: 'permission_denied',
        message: expect.stringContaining('may not be written'),
      }),
    );
    knowledge.close();
  });

  it('is read also in a folder in which nobody may write', async () => {
    const path = await written(3);
    // A process without the rights of root: root may write anywhere.
    const script = `import { Knowledge } from ${JSON.stringify(join(import.meta.dirname, '../../dist/knowledge/index.js'))};
      const knowledge = await Knowledge.open(${JSON.stringify(path)}, { readOnly: true });
      console.log(knowledge.countInvocations('run-1'));`;
    chmodSync(path, 0o444);
    for (let folder = dirname(path), up = 0; up < 2; up++, folder = dirname(folder)) chmodSync(folder, 0o555);
    const isRoot = process.getuid?.() === 0;
    const outcome = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      ...(isRoot && { uid: 65_534, gid: 65_534 }),
    });
    expect(outcome).toMatchObject({ status: 0, stdout: '3\n', stderr: '' });
  });
});

describe('a locked knowledge base', () => {
  it('is waited for, and then given up with the reason', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path, { busyTimeoutSeconds: 0.1 });
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    expect(() => knowledge.beginRun({ id: 'a', workflow: 'pi' })).toThrow(
      expect.objectContaining({ code: 'knowledge_failed', message: expect.stringContaining('kept locked') }),
    );
    other.exec('COMMIT');
    other.close();
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    knowledge.close();
  });

  it('does not lose what was recorded meanwhile', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path, { busyTimeoutSeconds: 0.05 });
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    for (let i = 0; i < 100; i++) knowledge.record(exampleInvocation('a', i));
    expect(() => knowledge.flush()).toThrow(expect.objectContaining({ code: 'knowledge_failed' }));
    other.exec('COMMIT');
    other.close();
    expect(knowledge.countInvocations('a')).toBe(100);
    knowledge.close();
  });
});

/** A disk of two MiB; undefined where none may be mounted. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
  return mounted.status === 0 ? folder : undefined;
}

describe('a full disk', () => {
  it('is told, costs nothing that was written, and is overcome when there is room again', async (context) => {
    const disk = smallDisk();
    if (disk === undefined) return context.skip('no file system may be mounted here');
    try {
      const path = join(disk, 'knowledge.db');
      const knowledge = await Knowledge.open(path);
      knowledge.beginRun({ id: 'a', workflow: 'pi' });
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(600_000));
      const recordAll = (): void => {
        for (let i = 0; i < 50_000; i++) knowledge.record(exampleInvocation('a', i));
      };
      expect(recordAll).toThrow(
        expect.objectContaining({ code: 'write_failed', remedy: expect.stringContaining('Make room') }),
      );
      const copy = freshPath();
      mkdirSync(dirname(copy), { recursive: true });
      for (const ending of ['', '-wal']) copyFileSync(path + ending, copy + ending);
      const reader = await Knowledge.open(copy);
      const kept = reader.countInvocations('a');
      expect(kept).toBeGreaterThan(100);
      reader.close();
      rmSync(ballast);
      // What waited is written, and not twice.
      const partitions = [...knowledge.invocations('a')].map(({ partition }) => partition);
      expect(partitions.length).toBeGreaterThan(kept);
      expect(partitions).toEqual(partitions.map((_, index) => index));
      knowledge.close();
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});
