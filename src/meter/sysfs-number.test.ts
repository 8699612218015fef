import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../base/index.js';
import { SysfsNumber, unreadable } from './sysfs-number.js';
import { fixtureHost } from './testing/tree.js';

function world(text?: string) {
  const lines: string[] = [];
  const host = fixtureHost(text === undefined ? {} : { 'sys/value': text }, {
    log: createLogger('warn', (line) => lines.push(line)),
  });
  const path = join(host.root, 'sys/value');
  return { host, path, lines };
}

describe('SysfsNumber', () => {
  it('reads anew each time, integers of any size and sign', () => {
    const { host, path } = world('9007199254740993\n');
    const value = new SysfsNumber(host, path);
    expect(value.read()).toBe(9_007_199_254_740_993n);
    writeFileSync(path, '-12\n');
    expect(value.read()).toBe(-12n);
  });

  it('gives nothing for a file that is gone, and takes it up again after a while', () => {
    const { host, path } = world();
    const value = new SysfsNumber(host, path);
    expect(value.read()).toBeUndefined();
    writeFileSync(path, '7\n');
    expect(value.read()).toBeUndefined();
    host.clock.advance(1);
    expect(value.read()).toBe(7n);
  });

  it('does not read another device that took over the path', () => {
    const { host, path } = world('7\n');
    let same = false;
    const value = new SysfsNumber(host, path, () => same);
    expect(value.read()).toBeUndefined();
    same = true;
    host.clock.advance(1);
    expect(value.read()).toBe(7n);
  });

  it('complains once about one trouble, and again about the next', () => {
    const { host, path, lines } = world('N/A\n');
    const value = new SysfsNumber(host, path);
    for (let i = 0; i < 5; i++) expect(value.read()).toBeUndefined();
    expect(lines).toHaveLength(1);
    writeFileSync(path, '5\n');
    expect(value.read()).toBe(5n);
    writeFileSync(path, 'N/A\n');
    value.read();
    expect(lines).toHaveLength(2);
    value.close();
    rmSync(path);
    value.read();
    expect(lines[2]).toMatch(/ENOENT/);
  });
});

describe('unreadable', () => {
  it('says why', () => {
    const { path } = world('1\n');
    expect(unreadable(path)).toBeUndefined();
    rmSync(path);
    expect(unreadable(path)).toBe('ENOENT');
  });
});
