import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../testing/folder.js';
import { bundleWorkflow } from './bundle/bundle-workflow.js';
import { checkClosures, type NamedFunction } from './check-closures.js';
import { loadBundle } from './load-bundle.js';

/** Checks the functions that a file gives as a list. */
async function check(files: Readonly<Record<string, string>>): Promise<void> {
  const folder = folderWith(files);
  const bundle = await bundleWorkflow(join(folder, 'wf.ts'), { folder: join(folder, 'out') });
  const { default: build } = await loadBundle(bundle);
  const functions = (build as () => NamedFunction['fn'][])();
  checkClosures(
    bundle,
    functions.map((fn, index) => ({ name: `stage "s${index}"`, fn })),
  );
}

describe('checkClosures', () => {
  it('lets pass what goes along with the bundle', async () => {
    await check({
      'wf.ts': `import { helper, Level, Shapes } from './lib.js';
        import cjs from './c.cjs';
        import { join } from 'node:path';
        const table = new Map([[1, 2]]);
        export default () => [(a: number) => helper(a) + table.size + Level.High + Shapes.square(2) + cjs.one + join('a').length, helper, cjs.add,
          async (a: number) => (await import('./lib.js')).helper(a), (a) => import.meta.url + a];`,
      'lib.ts': `enum L { Low, High } export { L as Level };
        export namespace Shapes { const two = 2; export function square(n: number) { return n ** two; } }
        let cache: number; cache = 1;
        export const helper = (n: number) => n + cache;`,
      'c.cjs': 'const one = 1; exports.one = one; exports.add = (a) => a + one;',
    });
  });

  it('names stage, variable, file and line as they were written', async () => {
    const refused = check({
      'wf.ts': `import { helper } from './lib.js';
const count: number = 1;
interface Box { a: number }
export default () => {
  const factor: Box = { a: helper(count) };
  return [(n: number) => n, (n: number) => n * factor.a];
};`,
      'lib.ts': 'export const helper = (n: number) => n;',
    });
    await expect(refused).rejects.toMatchObject({
      code: 'closure',
      message: expect.stringMatching(
        /^stage "s1" uses "factor", a variable of the function or block around it, declared at .*wf\.ts:5:9$/,
      ),
      remedy: expect.stringContaining("stage's parameters or inputs"),
    });
  });

  it('calls a variable as it was written, also where the bundle has renamed it', async () => {
    const refused = check({
      'wf.ts': `import { k as other } from './lib.js';
export default () => { const k = 1; return [() => k + other]; };`,
      'lib.ts': 'export const k = Math.random();',
    });
    await expect(refused).rejects.toThrow(/"k", a variable of .*wf\.ts:2:30/);
  });

  it('tells apart functions whose text is the same', async () => {
    const files = (first: string) => ({
      'wf.ts': `const k = 1;
const inside = (k: number) => (a: number) => a + k;
const outside = (a: number) => a + k;
export default () => [${first}];`,
    });
    await check(files('outside'));
    await expect(check(files('inside(2)'))).rejects.toThrow(/"k"/);
  });

  it('tells of all variables at once', async () => {
    await expect(
      check({ 'wf.ts': 'let n = 0; export default () => { const a = n++; return [() => a, () => n]; };' }),
    ).rejects.toThrow(
      /stage "s0" uses "a".*; stage "s1" uses "n", which is changed after it got its first value.*wf\.ts:1:5/,
    );
  });

  it.each([
    ['Math.max', 'is built into the language (max)'],
    ['(() => 1).bind(null)', 'is a bound function'],
    ['class A {}', 'is a class'],
  ])('refuses %s', async (text, why) => {
    await expect(check({ 'wf.ts': `export default () => [${text}];` })).rejects.toThrow(why);
  });
});
