import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../../testing/folder.js';
import { loadBundle, loadWorkflow } from '../load-bundle.js';
import { bundleWorkflow } from './bundle-workflow.js';

const bundleOf = (files: Readonly<Record<string, string>>, external?: readonly string[]) => {
  const folder = folderWith(files);
  return bundleWorkflow(join(folder, Object.keys(files)[0] ?? ''), {
    folder: join(folder, 'out'),
    ...(external ? { external } : {}),
  });
};

const exported = async (files: Readonly<Record<string, string>>): Promise<unknown> =>
  (await loadBundle(await bundleOf(files))).default;

const manifest = (fields: object): string => JSON.stringify({ name: 'x', version: '1.0.0', ...fields });

describe('bundleWorkflow', () => {
  it('bundles TypeScript with files and packages of both kinds', async () => {
    expect(
      await exported({
        'wf.ts': `import { one, type T } from './one.js'; import { two } from 'two'; import three, { three as t } from 'three';
          const all: T = [one, two, three.three, t]; export default all;`,
        'one.ts': 'export type T = number[]; export const one: number = 1;',
        'node_modules/two/package.json': manifest({ name: 'two', type: 'module', main: 'index.js' }),
        'node_modules/two/index.js': 'export const two = 2;',
        'node_modules/three/package.json': manifest({ name: 'three' }),
        'node_modules/three/index.js':
          "'use strict'; exports.three = require('node:path').join('', '3').length + 2;",
      }),
    ).toEqual([1, 2, 3, 3]);
  });

  it('keeps imports of this package as imports of this very package', async () => {
    const bundle = await bundleOf({
      'wf.ts': `import { WattloopError } from 'wattloop/errors'; export default WattloopError;`,
    });
    const installed = join(import.meta.dirname, '../../../../dist/errors/index.js');
    expect(bundle.code).toContain(`from "${pathToFileURL(installed).href}"`);
    const { default: value } = await loadBundle(bundle);
    expect(value).toBe((await import(pathToFileURL(installed).href)).WattloopError);
  });

  it('lets CommonJS require this package', async () => {
    const required = await exported({
      'wf.cjs': "const { workflow } = require('wattloop/workflow'); module.exports = workflow;",
    });
    expect(required).toBeTypeOf('function');
  });

  it('says which entry of this package was meant', async () => {
    await expect(bundleOf({ 'wf.ts': "import 'wattloop/workfow'; export default 1;" })).rejects.toThrow(
      /wf\.ts:1:8: "wattloop\/workfow" is no entry of wattloop; did you mean "wattloop\/workflow"\?/,
    );
  });

  it('lets every file mean its own place', async () => {
    const files = {
      'wf.ts': `import below from './below/b.js'; import c from './below/c.cjs';
export default [import.meta.url, import.meta.dirname, import.meta.filename, below, c];`,
      'below/b.ts': 'export default [import.meta.url, __dirname];',
      'below/c.cjs': 'module.exports = [__dirname, __filename];',
    };
    const folder = folderWith(files);
    const bundle = await bundleWorkflow(join(folder, 'wf.ts'), { folder: join(folder, 'out') });
    const url = (name: string): string => pathToFileURL(join(folder, name)).href;
    const below = join(folder, 'below');
    expect((await loadBundle(bundle)).default).toEqual([
      url('wf.ts'),
      folder,
      join(folder, 'wf.ts'),
      [url('below/b.ts'), below],
      [below, join(below, 'c.cjs')],
    ]);
  });

  it('leaves packages with native code, and those that were named, where they are', async () => {
    const files = {
      'wf.ts':
        "import native from 'native'; import named from 'named'; import used from 'used'; export default [native, named, used];",
      'node_modules/native/package.json': manifest({
        name: 'native',
        main: 'index.js',
        dependencies: { bindings: '1' },
      }),
      'node_modules/native/index.js': 'module.exports = module.filename;',
      'node_modules/named/package.json': manifest({ name: 'named', main: 'index.js' }),
      'node_modules/named/index.js': 'module.exports = module.filename;',
      'node_modules/used/package.json': manifest({ name: 'used', main: 'index.js' }),
      'node_modules/used/index.js': "module.exports = require('native');",
    };
    const bundle = await bundleOf(files, ['named']);
    const { default: value } = await loadBundle(bundle);
    const folder = join(bundle.file, '..', 'node_modules');
    expect(value).toEqual(['native', 'named', 'native'].map((name) => join(folder, name, 'index.js')));
  });

  it('loads a real package with native code', async () => {
    const modules = join(import.meta.dirname, '../../../../node_modules');
    const folder = folderWith({ 'wf.ts': "import koffi from 'koffi'; export default koffi.sizeof('int');" });
    symlinkSync(modules, join(folder, 'node_modules'));
    const bundle = await bundleWorkflow(join(folder, 'wf.ts'), { folder: join(folder, 'out') });
    expect((await loadBundle(bundle)).default).toBe(4);
    expect(bundle.code).toContain(pathToFileURL(join(modules, 'koffi')).href);
  });

  it('maps stacks to the file, line and column that were written', async () => {
    const bundle = await bundleOf({
      'wf.ts': `import { fail } from './fail.js';
export default fail;`,
      'fail.ts': `interface Unused {
  a: string;
}

export function fail(value: unknown): never {
  throw new RangeError(\`no \${value}\`);
}`,
    });
    const { default: fail } = await loadBundle(bundle);
    let stack = '';
    try {
      (fail as (value: unknown) => void)(1);
    } catch (error) {
      stack = (error as Error).stack ?? '';
    }
    expect(stack).toContain(`${join(bundle.file, '..', 'fail.ts')}:6:9`);
  });

  it('names a bundle by its content, and its code apart from where lines are', async () => {
    const folder = folderWith({ 'a.ts': 'export default 1;' });
    const again = (): ReturnType<typeof bundleWorkflow> =>
      bundleWorkflow(join(folder, 'a.ts'), { folder: join(folder, 'out') });
    const [first, second] = await Promise.all([again(), again()]);
    expect(second).toEqual(first);
    expect(readdirSync(join(folder, 'out'))).toHaveLength(1);
    writeFileSync(join(folder, 'a.ts'), '\n\n// Moved.\nexport default 1;');
    const moved = await again();
    expect(moved.hash).toBe(first.hash);
    expect(moved.path).not.toBe(first.path);
    writeFileSync(join(folder, 'a.ts'), 'export default 2;');
    expect((await again()).hash).not.toBe(first.hash);
    expect(readFileSync(first.path, 'utf8')).toContain('sourceMappingURL=data:');
  });

  it.each([
    [
      'a syntax error',
      { 'wf.ts': 'const a = 1;\nexport default (;\n' },
      /wf\.ts:2:17: Unexpected ";"\n {2}export default \(;\n {18}\^/,
    ],
    [
      'a syntax error on a line that was added to',
      { 'wf.ts': 'export default [import.meta.url;\n' },
      /wf\.ts:1:32: Expected "\]" but found ";"\n {2}export default \[import\.meta\.url;\n {33}\^/,
    ],
    [
      'a package that is not there',
      { 'wf.ts': "import 'no-such-thing';\nexport default 1;" },
      /wf\.ts:1:8: Could not resolve "no-such-thing"/,
    ],
    [
      'a file that is not there',
      { 'wf.ts': "import './other.js';\nexport default 1;" },
      /wf\.ts:1:8: Could not resolve "\.\/other\.js"/,
    ],
    [
      'a name that is not exported',
      { 'wf.ts': "import { b } from './o.js';\nexport default b;", 'o.ts': 'export const a = 1;' },
      /wf\.ts:1:10: No matching export in ".*o\.ts" for import "b"/,
    ],
    ['no default export', { 'wf.ts': 'export const a = 1;' }, /wf\.ts has no default export/],
    ['another kind of file', { 'wf.py': 'print()' }, /wf\.py is no TypeScript or JavaScript file/],
  ])('refuses %s', async (_, files, message) => {
    await expect(bundleOf(files as Record<string, string>)).rejects.toThrow(message);
  });

  it('names the package to install', async () => {
    await expect(bundleOf({ 'wf.ts': "import '@no/such/thing';\nexport default 1;" })).rejects.toMatchObject({
      code: 'bundle_failed',
      remedy: 'Install the package: npm install @no/such',
    });
  });

  it('says which file was meant', async () => {
    const folder = folderWith({ 'monte-carlo.ts': '' });
    const missing = bundleWorkflow(join(folder, 'montecarlo.ts'), { folder });
    await expect(missing).rejects.toMatchObject({
      code: 'bad_input',
      remedy: 'Did you mean monte-carlo.ts?',
    });
    await expect(bundleWorkflow(join(folder, 'no', 'a.ts'), { folder })).rejects.toThrow(
      /there is no folder/,
    );
    await expect(bundleWorkflow(folder, { folder })).rejects.toMatchObject({
      message: expect.stringMatching(/is a folder/),
      remedy: expect.stringMatching(/^Did you mean .*monte-carlo\.ts\?$/),
    });
  });
});

describe('loadWorkflow', () => {
  const isNumber = (value: unknown): value is number => typeof value === 'number';

  it('gives the default export, when it is a workflow', async () => {
    expect(await loadWorkflow(await bundleOf({ 'wf.ts': 'export default 42;' }), isNumber)).toBe(42);
  });

  it.each([
    ['() => 1', 'a function'],
    ['[1]', 'a list'],
    ['{}', 'an object'],
    ['null', 'null'],
  ])('refuses %s', async (text, kind) => {
    const bundle = await bundleOf({ 'wf.ts': `export default ${text};` });
    await expect(loadWorkflow(bundle, isNumber)).rejects.toThrow(`wf.ts is ${kind}, not a workflow`);
  });

  it('says where a file failed that throws while it is loaded', async () => {
    const bundle = await bundleOf({ 'wf.ts': `const a = JSON.parse('1');\na.b.c();\nexport default a;` });
    await expect(loadWorkflow(bundle, isNumber)).rejects.toThrow(
      /wf\.ts failed while it was loaded: Cannot read properties of undefined \(reading 'c'\) \(.*wf\.ts:2:5\)/,
    );
  });
});
