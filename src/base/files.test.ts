import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolders } from './files.js';

describe('makeFolders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-folders-'));

  it('makes what is missing, and leaves what is there', () => {
    const path = join(folder, 'a', 'b', 'c');
    makeFolders(path);
    makeFolders(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('comes back where no folder can be made', () => {
    expect(() => makeFolders('/proc/wattloop/a/b')).toThrow(/ENOENT|EACCES|EPERM/);
    expect(existsSync('/proc/wattloop')).toBe(false);
  });

  it('throws where a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolders(join(folder, 'file', 'a'))).toThrow(/ENOTDIR/);
  });
});
