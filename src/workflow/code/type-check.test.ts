import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../testing/folder.js';
import { refuseTypeErrors, type TypeCheck, typeCheck } from './type-check.js';

const check = (files: Readonly<Record<string, string>>): Promise<TypeCheck> => {
  const folder = folderWith(files);
  return typeCheck(join(folder, Object.keys(files)[0] ?? ''));
};

async function errorsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const result = await check(files);
  if (!result.checked) throw new Error(result.reason);
  return result.errors.map(
    ({ file, line, column, code }) => `${file.split('/').at(-1)}:${line}:${column} ${code}`,
  );
}

describe('typeCheck', () => {
  it('finds nothing in a file that is right, wherever it is', async () => {
    expect(
      await errorsOf({
        'wf.ts': `import { readFileSync } from 'node:fs';
import { WattloopError } from 'wattloop/errors';
import { one } from './one';
export default (a = one): number => readFileSync(String(a)).length + new WattloopError('internal', 'x').line.length;`,
        'one.ts': 'export const one: number = 1;',
      }),
    ).toEqual([]);
  });

  it('tells file, line and column of errors, also in what is imported', async () => {
    const files = {
      'wf.ts': `import { one } from './one.js';\nconst a: string = one;\nexport default a.lenght;`,
      'one.ts': 'export const one: number = "1";',
    };
    expect((await errorsOf(files)).sort()).toEqual([
      'one.ts:1:14 TS2322',
      'wf.ts:2:7 TS2322',
      'wf.ts:3:18 TS2551',
    ]);
    const result = await check(files);
    expect(() => refuseTypeErrors(result.checked ? result : { errors: [] })).toThrow(
      /wf\.ts:2:7: Type 'number' is not assignable to type 'string'\. \(TS2322\)/,
    );
  });

  it('leaves style to those who ask for it: types that are left out are told in a strict project alone', async () => {
    const wf = `function sum(a, b) { return a + b; }
export default () => { const all = []; all.push(sum(1, 2)); return all.length; };`;
    expect(await errorsOf({ 'wf.ts': wf })).toEqual([]);
    const strict = '{ "compilerOptions": { "strict": true } }';
    expect(await errorsOf({ 'wf.ts': wf, 'tsconfig.json': strict })).toEqual([
      'wf.ts:1:14 TS7006',
      'wf.ts:1:17 TS7006',
    ]);
  });

  it('goes by the project of the user', async () => {
    const wf = 'export default (a: string | undefined) => a.length;';
    expect(await errorsOf({ 'wf.ts': wf })).toHaveLength(1);
    const lax =
      '{ // As we like it.\n "compilerOptions": { "strict": false, "rootDir": "src", "paths": { "@/*": ["./*"] } } }';
    expect(await errorsOf({ 'wf.ts': wf, 'tsconfig.json': lax })).toEqual([]);
  });

  it('uses a TypeScript that is installed beside the workflow', async () => {
    const folder = folderWith({ 'wf.ts': 'export default 1 as string;' });
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
    expect(await typeCheck(join(folder, 'wf.ts'))).toMatchObject({
      checked: true,
      errors: [{ code: 'TS2352' }],
    });
  });

  it('does not take a broken project for a broken workflow', async () => {
    const files = {
      'wf.ts': 'export default 1;',
      'tsconfig.json': '{ "compilerOptions": { "target": "es1" } }',
    };
    expect(await check(files)).toMatchObject({ checked: false, reason: expect.stringContaining('TS6046') });
  });

  it('says why it was left out', async () => {
    expect(await check({ 'wf.js': 'export default 1;' })).toEqual({
      checked: false,
      reason: 'it is JavaScript',
    });
    const gone = await typeCheck(join(folderWith({ 'wf.ts': '' }), 'wf.ts'), { timeoutSeconds: 0.001 });
    expect(gone).toMatchObject({ checked: false, reason: expect.stringContaining('longer than') });
  });
});
