import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelFile } from '../../base/index.js';
import { type Edit, editsTo, NumberFile } from './number-file.js';

const fresh = (): string => join(mkdtempSync(join(tmpdir(), 'wattloop-number-')), 'energy_uj');

const apply = (content: string, edit: Edit): string =>
  'truncate' in edit
    ? content.slice(0, edit.truncate)
    : content.slice(0, edit.position) + edit.write + content.slice(edit.position + edit.write.length);

describe('NumberFile', () => {
  it('holds the number and a newline, nothing else, whether it grew or shrank', () => {
    const path = fresh();
    const file = new NumberFile(path, 0n);
    for (const value of [0n, 7n, 12_345n, 99_999_999n, 3n, 262_143_328_849n, 10n]) {
      file.write(value);
      expect(readFileSync(path, 'latin1')).toBe(`${value}\n`);
    }
    file.close();
  });

  it('keeps its inode, so that a reader that opened it once sees every value', () => {
    const path = fresh();
    const file = new NumberFile(path, 5n);
    const reader = new KernelFile(path);
    const { ino } = statSync(path);
    file.write(123_456n);
    expect(reader.text()).toBe('123456\n');
    file.write(8n);
    expect(reader.text()).toBe('8\n');
    expect(statSync(path).ino).toBe(ino);
    reader.close();
    file.close();
  });

  it('never overwrites a file', () => {
    const path = fresh();
    new NumberFile(path, 1n).close();
    expect(() => new NumberFile(path, 2n)).toThrow(/EEXIST/);
  });

  it('shows the old or the new number after each edit, also to a reader that knows the size from before it', () => {
    const number = fc
      .bigInt({ min: 0n, max: 2n ** 48n })
      .chain((n) => fc.nat(14).map((d) => n / 10n ** BigInt(d)));
    fc.assert(
      fc.property(number, number, (before, after) => {
        let content = `${before}\n`;
        for (const edit of editsTo(after, content.length)) {
          const next = apply(content, edit);
          for (const seen of [next, next.slice(0, content.length)]) {
            expect([`${before}`, `${after}`]).toContain(seen.trim());
          }
          content = next;
        }
        expect(content).toBe(`${after}\n`);
      }),
    );
  });
});
