import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../../testing/folder.js';
import type { AnyFunction } from '../function-place.js';
import { type ExportedFunction, FunctionModules } from './function-module.js';

const DIST = pathToFileURL(
  join(import.meta.dirname, '../../../../dist/workflow/code/function-module/function-module.js'),
);

/** The functions of this file itself, which a loader has translated. */
async function moved(
  given: AnyFunction | ExportedFunction,
  modules = new FunctionModules(),
): Promise<AnyFunction> {
  const options = { folder: join(folderWith(), 'out'), name: 'f' };
  const { path, exportName } = await modules.get(given, options);
  return (await import(pathToFileURL(path).href))[exportName];
}

/** Runs a script of plain JavaScript in a process of its own: what it says of `modules.get(fn)` for each function that it gives. */
function inScript(main: string, files: Readonly<Record<string, string>> = {}, name = 'main.mjs'): unknown[] {
  const folder = folderWith({ [name]: main, ...files });
  const driver = `
    import { pathToFileURL } from 'node:url';
    const { FunctionModules } = await import(${JSON.stringify(DIST.href)});
    const modules = new FunctionModules();
    globalThis.scriptRuns = 0;
    const told = [];
    globalThis.give = async (fn, ...args) => {
      try {
        const { path, exportName } = await modules.get(fn, { folder: 'out', name: 'f' });
        const moved = (await import(pathToFileURL(path).href))[exportName];
        told.push(await moved(...args));
      } catch (error) {
        const at = /main\\.\\w+:\\d+/.exec(error.stack)?.[0];
        told.push(error.code === undefined ? error.message + ' at ' + at : error.code + ': ' + error.message);
      }
    };
    await import('./${name}');
    await globalThis.ready;
    process.stdout.write(JSON.stringify([told, globalThis.scriptRuns]));`;
  const output = execFileSync(
    process.execPath,
    ['--enable-source-maps', '--input-type=module', '-e', driver],
    { cwd: folder, encoding: 'utf8' },
  );
  const [told, runs] = JSON.parse(output);
  expect(runs).toBe(1);
  return told;
}

const HELPER = 4;
function twice(n: number): number {
  return n * 2;
}

describe('a function of a file that a loader has translated', () => {
  it('goes along with what it uses of its module', async () => {
    const fn = (n: number, more: readonly string[] = []): number => twice(n) + HELPER + more.length;
    expect((await moved(fn))(...([3] as never))).toBe(10);
  });

  it('takes imports along', async () => {
    const fn = (name: string): string => join('a', name);
    expect((await moved(fn))(...(['b'] as never))).toBe('a/b');
  });

  it('refuses variables of the function around it', async () => {
    const k = Math.random();
    await expect(moved(() => k)).rejects.toThrow(
      /^f uses "k", which is a variable of the function or block around it$/,
    );
  });

  it('is bundled once for every place in a script', async () => {
    const modules = new FunctionModules();
    const options = { folder: join(folderWith(), 'out'), name: 'f' };
    const all = await Promise.all([1, 2, 3].map(() => modules.get((n: number) => n + 1, options)));
    expect(all[1]).toBe(all[0]);
    expect(all[2]).toBe(all[0]);
    expect(await modules.get((n: number) => n + 2, options)).not.toEqual(all[0]);
  });
});

describe('a function of a script', () => {
  it('goes along with imports, functions, classes and constants of its module', () => {
    const main = `
globalThis.scriptRuns++;
import { join as glue } from 'node:path';
import * as lib from './lib.mjs';
import other, { unused } from './lib.mjs';
export const TABLE = { a: [1, 2], b: new Map([['x', lib.one]]), f: () => helper(1) };
const { random } = Math;
function helper(n) { return n <= 0 ? 0 : n + partner(n - 1); }
function partner(n) { return helper(n); }
class Box { static width = TABLE.a[1]; constructor(v) { this.v = v; } }
export default class Late extends Box {}
let never = 7, undefinedYet;
await give((n) => glue('a', String(n)), 1);
await give(function named(n) { return n ? n * named(n - 1) : 1; }, 5);
await give(helper, 3);
await give(({ v }) => [new Late(v).v, Box.width, TABLE.b.get('x'), TABLE.f(), other, never], { v: 9 });
await give({ async m(a, b = a) { return a + b; } }.m, 2);
await give({ async *m(a) { yield a; } }.m, 2);
await give(Box.make = () => 1);
const arrow = async (n) => n + 1; await give(arrow, 1);
`;
    const lib = `console.error; export const one = 1; export default 'other'; export const unused = globalThis.scriptRuns;`;
    expect(inScript(main, { 'lib.mjs': lib })).toEqual([
      'a/1',
      120,
      6,
      [9, 2, 1, 1, 'other', 7],
      4,
      {},
      1,
      2,
    ]);
  });

  it('is refused by the name of what it may not use', () => {
    const main = `
globalThis.scriptRuns++;
const computed = process.hrtime();
let count = 0;
const indirect = () => computed;
function outer(k) { return () => k; }
await give(() => computed);
await give(() => ++count);
await give(indirect);
await give(outer(1));
for (const i of [1]) await give(() => i);
await give(() => nowhere);
await give(() => typeof nowhere);
await give(Math.max);
await give(outer.bind(null));
await give(class A {});
await give(new Function('a', 'return a + 1'), 4);
await give(new Function('return count'), 4);
`;
    expect(inScript(main)).toEqual([
      'closure: f uses "computed", which gets its value when the script runs',
      'closure: f uses "count", which is changed after it got its first value',
      'closure: f uses "computed", which gets its value when the script runs',
      'closure: f uses "k", which is a variable of the function or block around it',
      'closure: f uses "i", which is a variable of the function or block around it',
      'closure: f uses "nowhere", which is declared nowhere',
      'undefined',
      'closure: f is built into the language (max), which has no text to send to another process',
      'closure: f is a bound function, which has no text to send to another process',
      'closure: f is a class, not a function',
      5,
      'closure: f uses "count", which is declared nowhere',
    ]);
  });

  it('may be of a CommonJS file', () => {
    const main = `'use strict';
globalThis.scriptRuns++;
const { join } = require('node:path');
const path = require('node:path'), lib = require('./lib.cjs');
const k = 2;
globalThis.ready = (async () => {
  await give((n) => join(String(n), path.basename(__filename)) + lib.two + k, 1);
})();
`;
    expect(inScript(main, { 'lib.cjs': 'exports.two = 2;' }, 'main.cjs')).toEqual(['1/main.cjs22']);
  });

  it('has a stack with its own file and line', () => {
    const main = `globalThis.scriptRuns++;
import { join } from 'node:path';

await give(
  (n) => {
    throw new Error(join('x', String(n)));
  }, 1);
`;
    expect(inScript(main)).toEqual(['x/1 at main.mjs:6']);
  });
});

describe('a function that a module exports', () => {
  const files = { 'm.ts': 'export const one = (n: number) => n + 1; export default (n: number) => n * 10;' };

  it('is told by module and name', async () => {
    const module = join(folderWith(files), 'm.ts');
    expect((await moved({ module: pathToFileURL(module), name: 'one' }))(...([1] as never))).toBe(2);
    expect((await moved({ module }))(...([1] as never))).toBe(10);
  });

  it('is refused when it is not there', async () => {
    const module = join(folderWith(files), 'm.ts');
    await expect(moved({ module, name: 'two' })).rejects.toThrow(
      /m\.ts exports nothing that is called "two"/,
    );
    await expect(moved({ module: '/no/such.ts' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('maps the bundle of a TypeScript function to the lines of its file', async () => {
  const fn = (): number => {
    throw new Error('here');
  };
  const options = { folder: join(folderWith(), 'out'), name: 'f' };
  const { path } = await new FunctionModules().get(fn, options);
  const written = readFileSync(path, 'utf8');
  expect(written).not.toContain('interface');
  process.setSourceMapsEnabled(true);
  const { __function: far } = await import(pathToFileURL(path).href);
  const line =
    readFileSync(import.meta.filename, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes("Error('here')")) + 1;
  let stack = '';
  try {
    far();
  } catch (error) {
    stack = (error as Error).stack ?? '';
  }
  expect(stack).toContain(`${import.meta.filename}:${line}:`);
});
