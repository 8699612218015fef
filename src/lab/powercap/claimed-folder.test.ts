import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { ClaimedFolder } from './claimed-folder.js';

const base = (): string => mkdtempSync(join(tmpdir(), 'wattloop-claim-'));
const host = createHost({ log: silentLogger });

describe('ClaimedFolder', () => {
  it('removes all that it made, the folders above it that were not there included', () => {
    const above = base();
    const folder = new ClaimedFolder(join(above, 'a', 'b'), host);
    folder.folder('x');
    folder.file('1\n', 'x', 'enabled');
    folder.link('/sys/fs', 'fs');
    expect(readFileSync(join(above, 'a/b/x/enabled'), 'utf8')).toBe('1\n');
    folder.release();
    folder.release();
    expect(readdirSync(above)).toEqual([]);
  });

  it('keeps a folder that was there, and what others put in it', () => {
    const root = base();
    const folder = new ClaimedFolder(root, host);
    folder.folder('x');
    writeFileSync(join(root, 'x', 'notes'), 'mine');
    folder.release();
    expect(readdirSync(root)).toEqual(['x']);
    expect(readFileSync(join(root, 'x/notes'), 'utf8')).toBe('mine');
  });

  it("refuses a folder with someone's files and a file, and touches neither", () => {
    const root = base();
    writeFileSync(join(root, 'precious'), 'data');
    for (const path of [root, join(root, 'precious')]) {
      expect(() => new ClaimedFolder(path, host)).toThrow(/nothing in it will be overwritten/);
    }
    expect(readdirSync(root)).toEqual(['precious']);
  });

  it('refuses the folder of a tree that is alive', () => {
    const root = join(base(), 'tree');
    const folder = new ClaimedFolder(root, host);
    expect(() => new ClaimedFolder(root, host)).toThrow(new RegExp(`in use.*process ${process.pid}`));
    expect(existsSync(root)).toBe(true);
    folder.release();
  });

  it('takes over what a killed process left, but nothing beside it or outside', () => {
    const above = base();
    const root = join(above, 'tree');
    mkdirSync(join(root, 'class'), { recursive: true });
    writeFileSync(join(root, 'class', 'name'), 'package-0\n');
    writeFileSync(join(above, 'outside'), 'safe');
    const dead = `${process.pid} 1`;
    const marker = [
      'wattloop virtual powercap tree',
      dead,
      'class',
      'class/name',
      '../outside',
      'x/../../outside',
      '',
    ];
    writeFileSync(join(root, '.wattloop-powercap'), marker.join('\n'));
    const folder = new ClaimedFolder(root, host);
    expect(readdirSync(root)).toEqual(['.wattloop-powercap']);
    folder.release();
    expect(readFileSync(join(above, 'outside'), 'utf8')).toBe('safe');
  });

  it('says what is wrong where it may not write', () => {
    expect(() => new ClaimedFolder('/proc/wattloop', host)).toThrow(
      expect.objectContaining({ code: 'write_failed', remedy: 'Name a folder that you may write to' }),
    );
  });
});
