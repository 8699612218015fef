import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WattloopError } from '../../../base/index.js';
import { insideOf } from './inside.js';

let root: string;
let folder: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'inside-')));
  folder = join(root, 'in');
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  mkdirSync(join(root, 'inner'));
  writeFileSync(join(root, 'inner', 'b'), '');
  symlinkSync('a', join(folder, 'link'));
  symlinkSync('../inner', join(folder, 'out'));
  symlinkSync('loop', join(folder, 'loop'));
});
afterAll(() => rmSync(root, { recursive: true }));

const step = fc.constantFrom('a', 'b', '.', '..', '', 'link', 'out', 'loop', 'in', 'inner', 'a\0', '/', '~');

it('gives nothing outside of the folder, whatever it is asked for', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(step, { maxLength: 8 }).map((steps) => steps.join('/')),
        fc.string(),
      ),
      (name) => {
        let found: string;
        try {
          found = insideOf(folder, name);
        } catch (error) {
          expect(error).toBeInstanceOf(WattloopError);
          return;
        }
        expect(found === folder || found.startsWith(`${folder}/`)).toBe(true);
        expect(realpathSync(found)).toBe(found);
      },
    ),
  );
});

it('finds what is inside, also through links', () => {
  expect(insideOf(folder, 'link/b')).toBe(join(folder, 'a', 'b'));
  expect(insideOf(folder, '../in/a')).toBe(join(folder, 'a'));
  expect(() => insideOf(folder, 'out/b')).toThrow(/is a link out of/);
  expect(() => insideOf(folder, '../inner')).toThrow(/leads out of/);
});
