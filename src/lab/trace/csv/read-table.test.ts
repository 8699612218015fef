import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../../../base/index.js';
import { Names } from './names.js';
import { readTable } from './read-table.js';
import type { Row } from './row.js';
import { nameText } from './write-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'wattloop-table-'));
const path = join(folder, 'table.csv');

class Taken {
  readonly rows: [string, number][] = [];
  readonly #names = new Names('function');
  take(row: Row): void {
    this.rows.push([this.#names.all[row.name(0, this.#names)] ?? '', row.number(1)]);
  }
  expect(): void {}
}

async function rowsOf(content: string | Buffer): Promise<[string, number][]> {
  writeFileSync(path, content);
  const taken = new Taken();
  await readTable(path, { required: ['name'], optional: ['x'] }, taken);
  return taken.rows;
}

async function lineOf(content: string | Buffer): Promise<string> {
  const error = await rowsOf(content).catch((thrown: unknown) => thrown);
  if (!(error instanceof WattloopError)) throw new Error(`no error: ${error}`);
  expect(error.code).toBe('bad_input');
  return error.line.replace(path, 'FILE');
}

const TWO = [
  ['a', 1],
  ['b', 2],
];

describe('readTable', () => {
  it.each([
    ['as usual', 'name,x\na,1\nb,2\n'],
    ['without a last line end', 'name,x\na,1\nb,2'],
    ['with CR LF', 'name,x\r\na,1\r\nb,2\r\n'],
    ['with CR LF and without a last line end', 'name,x\r\na,1\r\nb,2\r'],
    ['with a byte order mark', '\uFEFFname,x\na,1\nb,2\n'],
    ['with spaces and tabs', ' name , x\n\ta , 1 \n b,\t2\n'],
    ['with quotes', '"name","x"\n"a","1"\n"b" , 2\n'],
    ['with other columns in another order', 'note,X,,name\nfoo,1,,a\n"b,ar",2,,b\n'],
    ['with blank lines', '\nname,x\n\na,1\n  \nb,2\n\n\n'],
  ])('reads a table %s', async (_, text) => {
    expect(await rowsOf(text)).toEqual(TWO);
  });

  it('gives NaN for blank cells and missing columns', async () => {
    expect(await rowsOf('name,x\na,\nb, \n')).toEqual([
      ['a', Number.NaN],
      ['b', Number.NaN],
    ]);
    expect(await rowsOf('name\na')).toEqual([['a', Number.NaN]]);
  });

  it('keeps any printable name, however it must be quoted', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/\p{Cc}/u.test(text) && !text.startsWith('\uFEFF'));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 600 }), async (names) => {
        const text = names.map((each, i) => `${nameText(each, 'a function')},${i}\n`).join('');
        expect(await rowsOf(`name,x\n${text}`)).toEqual(names.map((each, i) => [each, i]));
      }),
      { numRuns: 100 },
    );
  });

  it('reads a table of many pieces whole, wherever they are cut', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i): [string, number] => [
      i % 7 === 0 ? `f "${i % 3000}", quoted` : `g${i % 100}`,
      i / 8,
    ]);
    const text = rows.map(([name, x]) => `${nameText(name, '')},${x}\r\n`).join('');
    expect(text.length).toBeGreaterThan(2 * 2 ** 20);
    expect(await rowsOf(`name,x\r\n${text}`)).toEqual(rows);
  });

  it.each([
    ['name,x\na,1\nb,two\n', 'FILE, line 3: x is "two", which is no number. Write it as a decimal number'],
    ['name,x\na,1\r\n\r\nb,nan\n', 'FILE, line 4: x is "nan", which is no number. Leave the cell blank'],
    ['name,x\na,-Inf\n', 'FILE, line 2: x is "-Inf", which is no number. Leave the cell blank'],
    ['name,x\na,1e999\n', 'FILE, line 2: x is "1e999", which is too large'],
    ['name,x\na,1,2\n', 'FILE, line 2: 3 cells where the header has 2. Give'],
    ['name,x\na,1\nb', 'FILE, line 3: 1 cell where the header has 2, as if the file had been cut off. Give'],
    ['name,x\n,1\n', 'FILE, line 2: name is blank'],
    ['', 'FILE, line 1: the file is empty. It must begin with a header that names name'],
    ['\n \n', 'FILE, line 1: the file is empty'],
    [
      'nmae,x\na,1\n',
      'FILE, line 1: no column "name" among "nmae,x". The header must name the columns name,x; is it the one called "nmae"?',
    ],
    ['a;name\n', 'FILE, line 1: no column "name": the cells are separated by ";". Separate them by commas'],
    ['1,2\n', 'FILE, line 1: there is no header, so no column "name"'],
    ['name,x,Name\n', 'FILE, line 1: two columns are called "name". Keep one'],
    ['name,x\n"a,1\nb,2\n', 'FILE, line 2: a quoted cell is not closed on its line'],
    ['name,x\n"a', 'FILE, line 2: a quoted cell is not closed on its line'],
    ['name,x\n"a"b,1\n', 'FILE, line 2: text follows the end of a quoted cell'],
    ['name,x\ra,1\rb,2\r', 'FILE, line 1: a carriage return stands within the line'],
    ['name,x\na\0,1\n', 'FILE, line 2: byte 0 is no text. This must be CSV in UTF-8'],
    ['name,x\n"a\u001b[31m",1\n', 'FILE, line 2: the name of the function holds a control character'],
    [Buffer.from('name,x\nb\xe4r,1\n', 'latin1'), 'FILE, line 2: the name of the function is not UTF-8'],
    [Buffer.from('\uFEFFname,x\n', 'utf16le'), 'FILE, line 1: the file is UTF-16. Save it as UTF-8'],
    [Buffer.from('1f8b0800aabbccdd', 'hex'), 'FILE, line 1: byte 31 is no text'],
  ])('says what is wrong with %j', async (content, message) => {
    expect(await lineOf(content)).toEqual(expect.stringContaining(message));
  });

  it('refuses lines that no table has', async () => {
    const tooLong = 'FILE, line 2: the line is longer than 64 KiB';
    expect(await lineOf(`name,x\n${'a'.repeat(70_000)},1\n`)).toContain(tooLong);
    expect(await lineOf(`name,x\n${'a'.repeat(3e6)}`)).toContain(tooLong);
    expect(await lineOf(`name,x\n"${'a'.repeat(3e6)}`)).toContain(tooLong);
    expect(await lineOf(`name,x\n${','.repeat(5000)}\n`)).toContain('FILE, line 2: 5001 cells');
  });

  it('says when a file is a folder or is not there', async () => {
    const taken = new Taken();
    await expect(readTable(folder, { required: [], optional: [] }, taken)).rejects.toThrow(/is a folder/);
    const missing = join(folder, 'none.csv');
    await expect(readTable(missing, { required: [], optional: [] }, taken)).rejects.toThrow(/no such file/);
  });
});
