import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { MemoryStore } from '../testing/memory-store.js';
import type { PlanContext } from './plan-context.js';
import { planSource } from './plan-source.js';
import { readInput } from './read-input.js';
import { binary, csv, type DataSource, lines, objects, range, values } from './sources.js';

const settings = settingsSchema.parse({ storage: { prefix: 'of-runs' } }).storage;

/** A workflow's folder, the run's store, and one bucket elsewhere. */
class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'wattloop-plan-'));
  readonly run = new MemoryStore();
  readonly bucket = new MemoryStore();
  readonly opened: unknown[] = [];
  readonly context: PlanContext;

  constructor() {
    this.context = {
      baseFolder: this.folder,
      storage: settings,
      run: { store: this.run, prefix: 'runs/r1/sources/rows' },
      open: async (asked) => {
        this.opened.push(asked);
        return this.bucket;
      },
    };
  }

  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  /** What each worker gets. */
  async read<T>(source: DataSource<T>, workers: number, count?: (bytes: number) => void): Promise<T[]> {
    const parts = await planSource(source, workers, this.context);
    expect(parts).toHaveLength(workers);
    // Parts cross processes.
    const sent = structuredClone(parts);
    const stores = { run: this.run, open: this.context.open };
    return Promise.all(sent.map((part) => readInput(part, stores, count))) as Promise<T[]>;
  }

  async refusal(source: DataSource<unknown>, workers = 2): Promise<string> {
    const error: unknown = await this.read(source, workers).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'WattloopError' });
    return (error as { line: string }).line;
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

const chunkings = fc.constantFrom('dynamic', 'static');
const workerCounts = fc.integer({ min: 1, max: 12 });
/** Fields that contain all that makes a CSV difficult. */
const field = fc.string({
  unit: fc.constantFrom('a', 'b', '"', '\n', '\r', '\r\n', ',', 'é', '🔋', ' ', '\uFEFF'),
  maxLength: 6,
});
const quoted = (text: string, force: boolean): string =>
  force || /[",\r\n\uFEFF]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

describe('a CSV file', () => {
  it('gives exactly its rows, however it is cut', async () => {
    const row = fc.tuple(field, field, fc.boolean());
    const rowEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n');
    const rows = fc.array(fc.tuple(row, rowEnd), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        workerCounts,
        chunkings,
        fc.boolean(),
        fc.boolean(),
        async (list, n, chunking, mark, inStore) => {
          const body = list
            .map(([[a, b, force], end]) => `${quoted(a, force)},${quoted(b, force)}${end}`)
            .join('');
          const text = `${mark ? '\uFEFF' : ''}"first\ncolumn",second\r\n${body}`;
          const expected: unknown = parse(text, {
            bom: true,
            columns: true,
            skip_empty_lines: true,
            record_delimiter: ['\r\n', '\n', '\r'],
          });
          const path = inStore ? 's3://data/rows.csv' : world.file('rows.csv', text);
          if (inStore) world.bucket.objects.set('rows.csv', Buffer.from(text));
          expect((await world.read(csv(path, { chunking }), n)).flat()).toEqual(expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives its rows without a look at all of it where no field has line breaks', async () => {
    const plain = fc.string({ unit: fc.constantFrom('a', '"', ',', 'é'), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(plain, plain)),
        workerCounts,
        chunkings,
        async (list, n, chunking) => {
          const text = ['x,y', ...list.map(([a, b]) => `${quoted(a, true)},${quoted(b, true)}`)].join('\r\n');
          const source = csv(world.file('plain.csv', text), { multiline: false, chunking });
          expect((await world.read(source, n)).flat()).toEqual(list.map(([x, y]) => ({ x, y })));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('makes values of the columns that are asked for', async () => {
    const path = world.file(
      'people.csv',
      'name,age,member,since,note\nAda,36.5,yes,2020-01-02,x\nBob,,no,2021-01-02,y\n',
    );
    const source = csv(path, { columns: { name: 'text', age: 'number?', member: 'boolean', since: 'date' } });
    const rows = (await world.read(source, 2)).flat();
    // The types are inferred: this would not compile otherwise.
    const ages: (number | undefined)[] = rows.map(({ age }) => age);
    const names: string[] = rows.map(({ name }) => name);
    expect([names, ages]).toEqual([
      ['Ada', 'Bob'],
      [36.5, undefined],
    ]);
    expect(rows[1]).toStrictEqual({
      name: 'Bob',
      age: undefined,
      member: false,
      since: new Date('2021-01-02'),
    });
  });

  it('takes names for columns that have none, and other delimiters', async () => {
    const path = world.file('bare.tsv', '\uFEFF1\t2\n3\t4\n');
    const source = csv(path, {
      header: ['a', 'b'],
      delimiter: '\t',
      columns: { a: 'integer', b: 'integer' },
    });
    const expected = [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ];
    expect((await world.read(source, 2)).flat()).toEqual(expected);
    expect((await world.read({ ...source, multiline: false } as typeof source, 3)).flat()).toEqual(expected);
  });

  it('may have no rows', async () => {
    expect(await world.read(csv(world.file('head.csv', 'a,b')), 3)).toEqual([[], [], []]);
    expect(await world.read(csv(world.file('head2.csv', 'a,b\r\n')), 1)).toEqual([[]]);
  });

  it('is read once by all workers together', async () => {
    const text = `a,b\n${'1,"x\ny"\n'.repeat(10_000)}`;
    let bytes = 0;
    await world.read(csv(world.file('big.csv', text)), 8, (more) => {
      bytes += more;
    });
    expect(bytes).toBe(text.length - 'a,b\n'.length);
  });

  it.each([
    ['a,a\n1,2\n', {}, 'two columns are named "a"'],
    ['', {}, 'there is no header'],
    ['a,b\n1,2\n1,2,3\n', {}, 'Invalid Record Length'],
    ['a,b\n1,x"y\n', {}, 'Invalid Opening Quote'],
    ['a,b\n1,"x\n', {}, 'Quote Not Closed'],
    ['age\nold\n', { columns: { age: 'number' } }, 'row 1: column "age" is "old", no number. Mend'],
    ['age,x\n ,1\n', { columns: { age: 'number' } }, 'column "age" is blank, no number. Ask for "number?"'],
    ['age\n1\n', { columns: { aeg: 'number' } }, 'no column "aeg" among age. Did you mean "age"?'],
    ['age\n1\n', { columns: { age: 'numbr' } }, 'can\'t be made "numbr". Did you mean "number"?'],
    ['a\n1\n', { delimiter: '"' }, "can't lie between fields"],
    ['\ufffe', {}, 'UTF-16'],
  ])('refuses %j with %j', async (text, options, message) => {
    const bytes = Buffer.from(text, text === '\ufffe' ? 'utf16le' : 'utf8');
    const line = await world.refusal(csv(world.file('bad.csv', bytes), options as Parameters<typeof csv>[1]));
    expect(line).toContain(message);
    expect(line).toContain('bad.csv');
  });
});

describe('a text', () => {
  it('gives exactly its lines, however it is cut', async () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', '\n', '\r\n', '\r', 'é', '\uFEFF', '"'),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(piece, workerCounts, chunkings, fc.boolean(), async (text, n, chunking, inStore) => {
        const expected = text
          .replace(/^\uFEFF/, '')
          .replaceAll('\r\n', '\n')
          .split('\n');
        if (expected.at(-1) === '') expected.pop();
        const path = inStore ? 'gs://data/text' : world.file('text', text);
        if (inStore) world.bucket.objects.set('text', Buffer.from(text));
        expect((await world.read(lines(path, { chunking }), n)).flat()).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('may have lines that are longer than chunks', async () => {
    const text = `short\n${'long'.repeat(100_000)}\nend`;
    expect((await world.read(lines(world.file('text', text)), 7)).flat()).toEqual(text.split('\n'));
  });

  it('is never compressed for several workers, unless it is cut beforehand', async () => {
    const path = world.file('text.gz', gzipSync('\uFEFFone\ntwo\nthree\n'));
    expect(await world.refusal(lines(path))).toMatch(/text\.gz is compressed.*chunking: 'static'/);
    expect((await world.read(lines(path), 1)).flat()).toEqual(['one', 'two', 'three']);
    expect((await world.read(lines(path, { chunking: 'static' }), 2)).flat()).toEqual([
      'one',
      'two',
      'three',
    ]);
    const table = world.file('rows.csv.gz', gzipSync('\uFEFFa\n1\n"2\n"\n'));
    expect((await world.read(csv(table), 1)).flat()).toEqual([{ a: '1' }, { a: '2\n' }]);
    expect((await world.read(csv(table, { chunking: 'static' }), 3)).flat()).toEqual([
      { a: '1' },
      { a: '2\n' },
    ]);
    const broken = world.file('broken.gz', gzipSync('some text that is cut').subarray(0, 20));
    expect(await world.refusal(lines(broken), 1)).toContain("can't be decompressed");
    expect(await world.refusal(lines(broken, { chunking: 'static' }))).toContain("can't be decompressed");
  });

  it('that becomes shorter meanwhile is an error', async () => {
    world.file('text', 'one\ntwo\nthree\n');
    const parts = await planSource(lines('text'), 2, world.context);
    world.file('text', 'one\n');
    const part = parts[1] ?? { kind: 'value', value: undefined };
    await expect(readInput(part, { run: world.run, open: world.context.open })).rejects.toThrow(
      'shorter than it was',
    );
  });
});

describe('bytes', () => {
  it('are cut between records', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(20),
        fc.integer({ min: 1, max: 9 }),
        workerCounts,
        chunkings,
        async (records, recordBytes, n, chunking) => {
          const bytes = Buffer.from(Array.from({ length: records * recordBytes }, (_, index) => index % 256));
          const chunks = await world.read(binary(world.file('bytes', bytes), { recordBytes, chunking }), n);
          for (const chunk of chunks) expect(chunk.length % recordBytes).toBe(0);
          expect(Buffer.concat(chunks)).toEqual(bytes);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('that are no whole records are refused', async () => {
    const path = world.file('bytes', 'abcde');
    expect(await world.refusal(binary(path, { recordBytes: 2 }))).toMatch(
      /5 bytes, which are no whole number of records of 2/,
    );
    expect(await world.refusal(binary(path, { recordBytes: 0 }))).toContain('recordBytes is 0');
    const packed = world.file('bytes.gz', gzipSync('abcde'));
    expect(await world.refusal(binary(packed, { recordBytes: 2 }), 1)).toContain('5 bytes');
  });
});

describe('objects', () => {
  beforeEach(() => {
    for (const folder of ['images', 'images/more']) mkdirSync(join(world.folder, folder));
    for (const name of ['b.png', 'a.png', 'note.txt', 'more/c.png']) world.file(`images/${name}`, name);
    for (const key of ['set/', 'set/2.bin', 'set/1.bin', 'setup', 'set/deep/3.bin'])
      world.bucket.objects.set(key, Buffer.from(key));
  });

  it.each([
    ['images', ['a.png', 'b.png', 'more/c.png', 'note.txt']],
    ['images/*.png', ['a.png', 'b.png']],
    ['images/**/*.png', ['a.png', 'b.png', 'more/c.png']],
    ['images/{a,note}.*', ['a.png', 'note.txt']],
    ['images/[!a].???', ['b.png']],
    ['images/note.txt', ['note.txt']],
    ['s3://data/set/', ['1.bin', '2.bin', 'deep/3.bin']],
    ['s3://data/set/*.bin', ['1.bin', '2.bin']],
    ['s3://data/set/2', ['2.bin']],
  ])('are those that %s means, by name', async (path, names) => {
    const chunks = await world.read(objects(path), 2);
    expect(chunks.flat().map(({ name }) => name)).toEqual(names);
    const [first] = chunks.flat();
    expect(Buffer.from(first?.bytes ?? []).toString()).toContain(names[0]);
  });

  it('that are not there are an error', async () => {
    expect(await world.refusal(objects('image'))).toMatch(/Did you mean .*images\?/);
    expect(await world.refusal(objects('images/*.jpg'))).toContain('no object matches images/*.jpg');
    expect(await world.refusal(objects('imges/*.jpg'))).toMatch(/imges\. Did you mean .*images\?/);
  });
});

describe('planSource', () => {
  it('cuts values and ranges', async () => {
    expect(await world.read(values(['a', 'b', 'c']), 2)).toEqual([['a', 'b'], ['c']]);
    expect(await world.read(range(5), 2)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect((await world.read(range(10, 0, -3), 3)).flat()).toEqual([10, 7, 4, 1]);
    expect((await world.read(range(3, 3), 2)).flat()).toEqual([]);
  });

  it('opens other stores by address, with the user’s credentials and without the prefix of runs', async () => {
    world.bucket.objects.set('a/b.txt', Buffer.from('x'));
    await world.read(lines('s3://data/a/b.txt'), 1);
    await world.read(lines('gs://data/a/b.txt'), 1);
    await world.read(lines('azure://data/a/b.txt'), 1);
    expect(world.opened).toMatchObject([
      { backend: 's3', prefix: '', s3: { bucket: 'data' } },
      { backend: 's3' },
      { backend: 'gcs', prefix: '', gcs: { bucket: 'data' } },
      { backend: 'gcs' },
      { backend: 'azure', prefix: '', azure: { container: 'data' } },
      { backend: 'azure' },
    ]);
  });

  it.each([
    ['peeple.csv', /there is no file .*peeple\.csv\. Did you mean .*people\.csv\?$/],
    ['nowhere/people.csv', /There is no folder .*nowhere either$/],
    ['.', /is a folder\. Name a file in it/],
    ['s3://data/people.cvs', /there is no object memory:\/people\.cvs\. Did you mean memory:\/people\.csv\?/],
    ['s3:///people.csv', /names no bucket/],
    ['http://host/people.csv', /nothing is known of http:\/\//],
  ])('says what is wrong with %s', async (path, message) => {
    world.file('people.csv', 'a\n1\n');
    world.bucket.objects.set('people.csv', Buffer.from('a\n1\n'));
    expect(await world.refusal(csv(path))).toMatch(message);
  });

  it('takes absolute paths and file addresses', async () => {
    const path = join(world.folder, world.file('people.csv', 'a\n1\n'));
    expect((await world.read(csv(path), 1)).flat()).toEqual([{ a: '1' }]);
    expect((await world.read(csv(`file://${path}`), 1)).flat()).toEqual([{ a: '1' }]);
  });
});
