import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../../base/index.js';
import type { Finding } from '../../footprint/index.js';
import type { Trace } from '../../model/index.js';
import { type ReadTraceOptions, readTrace } from './read-trace.js';
import { writeTrace } from './write-trace.js';

const PUBLISHED =
  process.env.REFERENCE_DATA ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');
const above = (): string => mkdtempSync(join(tmpdir(), 'wattloop-trace-'));

const FILES: Readonly<Record<string, string>> = {
  'power.csv': 't,system_w,cpu_w,accelerator_w\n-1,20.5,,4\n0,,7,\n1.5,60,30,9.5\n',
  'invocations.csv': 'function,start,end,cold\naes,0.25,1.5,1\n"cnn, v2",1,,0\naes,1,1,\n',
  'usage.csv':
    't,principal,cpu_s,cycles,ref_cycles,instructions,llc_misses\n1,fn:aes,0.5,1000000000,7e8,2e9,\n1,system,1,3e9,,,5\n2,fn:aes,-1,1,-1,1,1\n',
  'trace.json': '{"idle_w": 95, "cores": 96, "embodied_kg": null, "accelerator_functions": ["cnn, v2"]}',
  'truth.json':
    '{"functions": {"aes": {"marginal_j": 12.3, "published": {"full": 1}}, "constructor": {"individual_j": 1}}, "note": 1}',
};

function folderOf(files: Readonly<Record<string, string | undefined>>): string {
  const folder = above();
  for (const [name, text] of Object.entries(files)) {
    if (text !== undefined) writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function lineOf(folder: string, options?: ReadTraceOptions): Promise<string> {
  const error = await readTrace(folder, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof WattloopError)) throw new Error(`no error: ${error}`);
  expect(error.code).toBe('bad_input');
  return error.line.replaceAll(folder, 'TRACE');
}

const [NONE, FOREVER] = [Number.NaN, Number.POSITIVE_INFINITY];

describe('readTrace', () => {
  it('reads all that a trace may hold', async () => {
    const findings: Finding[] = [];
    const trace = await readTrace(folderOf(FILES), { onFinding: (finding) => findings.push(finding) });
    expect(trace).toEqual({
      power: {
        t: Float64Array.of(-1, 0, 1.5),
        systemWatts: Float64Array.of(20.5, NONE, 60),
        cpuWatts: Float64Array.of(NONE, 7, 30),
        acceleratorWatts: Float64Array.of(4, NONE, 9.5),
      },
      invocations: {
        functions: ['aes', 'cnn, v2'],
        functionIndex: Uint32Array.of(0, 1, 0),
        start: Float64Array.of(0.25, 1, 1),
        end: Float64Array.of(1.5, FOREVER, 1),
        cold: Uint8Array.of(1, 0, 0),
      },
      usage: {
        principals: ['fn:aes', 'system'],
        principalIndex: Uint32Array.of(0, 1, 0),
        t: Float64Array.of(1, 1, 2),
        cpuSeconds: Float64Array.of(0.5, 1, NONE),
        cycles: Float64Array.of(1e9, 3e9, 1),
        referenceCycles: Float64Array.of(7e8, NONE, NONE),
        instructions: Float64Array.of(2e9, NONE, 1),
        llcMisses: Float64Array.of(NONE, 5, 1),
      },
      description: { idleWatts: 95, cores: 96, acceleratorFunctions: ['cnn, v2'] },
      truth: { functions: { aes: { marginalJoules: 12.3 }, constructor: { individualJoules: 1 } } },
    });
    expect(findings.map(({ code, count }) => [code, count])).toEqual([
      ['unknown-start', 1],
      ['negative-usage', 2],
      ['truth-without-invocations', 1],
    ]);
  });

  it('needs no more than power and invocations, and tells what it ignores and lacks', async () => {
    const findings: Finding[] = [];
    const folder = folderOf({
      'power.csv': 'T,System_W,notes\n0,1,x\n',
      'invocations.csv': 'function,start,end\na,0,1\n',
      'trace.json': '{"machine": "a desktop"}',
    });
    const trace = await readTrace(folder, { onFinding: (finding) => findings.push(finding) });
    expect(Object.keys(trace)).toEqual(['power', 'invocations', 'description']);
    expect(trace.invocations.cold).toBeUndefined();
    expect(trace.power.cpuWatts).toEqual(Float64Array.of(NONE));
    expect(trace.power).not.toHaveProperty('acceleratorWatts');
    expect(findings.map(({ message }) => message.replace(folder, 'TRACE'))).toEqual([
      expect.stringContaining('TRACE/trace.json: unknown key "machine" is ignored'),
      'TRACE/power.csv: columns that are not known are ignored: "notes"',
      'TRACE/power.csv: without the columns cpu_w, these figures are not known',
    ]);
  });

  it('tells how far it is', async () => {
    const folder = folderOf({
      ...FILES,
      'invocations.csv': `function,start,end\n${'abc,1,2\n'.repeat(300_000)}`,
    });
    const seen: [number, number][] = [];
    await readTrace(folder, { onProgress: (done, total) => seen.push([done, total]) });
    const total = ['power.csv', 'invocations.csv', 'usage.csv']
      .map((name) => readFileSync(join(folder, name)).length)
      .reduce((sum, bytes) => sum + bytes, 0);
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.every(([done, of], i) => of === total && done >= (seen[i - 1]?.[0] ?? 0))).toBe(true);
    expect(seen.at(-1)).toEqual([total, total]);
  });

  it.each([
    [{ 'power.csv': undefined }, 'TRACE/power.csv: there is no such file. Name a folder with a trace'],
    [
      { 'invocations.csv': undefined, 'invocation.csv': '' },
      'TRACE/invocations.csv: there is no such file. Rename invocation.csv if it is that',
    ],
    [{ 'power.csv': 't,system_w,cpu_w\n' }, 'TRACE/power.csv, line 2: there is a header and no row'],
    [
      { 'invocations.csv': 'function,start,end\n' },
      'TRACE/invocations.csv, line 2: there is a header and no row',
    ],
    [{ 'power.csv': '' }, 'TRACE/power.csv, line 1: the file is empty'],
    [{ 'power.csv': 't,cpu_w\n0,1\n' }, 'TRACE/power.csv, line 1: no column "system_w" among "t,cpu_w"'],
    [
      { 'power.csv': 't,system_w\n0,1\n2,1\n1,1\n' },
      'TRACE/power.csv, line 4: time 1 comes after 2. Put the rows in order',
    ],
    [{ 'power.csv': 't,system_w\n0,1\n0,1\n' }, 'TRACE/power.csv, line 3: time 0 is that of the row before'],
    [{ 'power.csv': 't,system_w\n,1\n' }, 'TRACE/power.csv, line 2: t is blank'],
    [{ 'invocations.csv': 'function,start\na,1\n' }, 'TRACE/invocations.csv, line 1: no column "end"'],
    [{ 'invocations.csv': 'function,start,end\na,,1\n' }, 'TRACE/invocations.csv, line 2: start is blank'],
    [
      { 'invocations.csv': 'function,start,end\na,2,1\n' },
      'TRACE/invocations.csv, line 2: end 1 is before start 2',
    ],
    [
      { 'invocations.csv': 'function,start,end,cold\na,1,2,x\n' },
      'TRACE/invocations.csv, line 2: cold is "x"',
    ],
    [
      { 'usage.csv': 't,principal,cpu_s\n1,os,1\n1,fn:a,1\n1,os,2\n' },
      'TRACE/usage.csv, line 4: time 1 of "os" does not come after its row before, 1',
    ],
    [
      { 'trace.json': '{\n "idle_w": 1,\n "core": 4\n}' },
      'TRACE/trace.json, line 3: unknown key "core" (did you mean "cores"?)',
    ],
    [{ 'trace.json': '{\n "idle_w": "much"\n}' }, 'TRACE/trace.json, line 2: idle_w: '],
    [{ 'trace.json': '{"cores": 0}' }, 'TRACE/trace.json, line 1: cores: '],
    [{ 'trace.json': '{\n"cores": 4,\n}' }, 'TRACE/trace.json, line 3: it is no JSON: '],
    [
      { 'trace.json': '{\n"cores": 4,\n"idle_w": NaN}' },
      "TRACE/trace.json, line 3: it is no JSON: Unexpected token 'N'. Mend it",
    ],
    [{ 'trace.json': '{\n"cores": 4\n\n\n' }, 'TRACE/trace.json, line 2: it is no JSON: '],
    [{ 'trace.json': '[]' }, 'TRACE/trace.json: it: '],
    [
      { 'truth.json': '{"functions":\n{"a":\n{"marginal_j": "x"}}}' },
      'TRACE/truth.json, line 3: functions.a.marginal_j: ',
    ],
    [{ 'truth.json': '{}' }, 'TRACE/truth.json: functions: '],
  ])('says what is wrong with %j', async (files, message) => {
    expect(await lineOf(folderOf({ ...FILES, ...files }))).toEqual(expect.stringContaining(message));
  });

  it('says when the folder is none', async () => {
    const folder = folderOf(FILES);
    expect(await lineOf(join(folder, 'none'))).toMatch(/^TRACE: there is no such folder/);
    expect(await lineOf(join(folder, 'power.csv'))).toMatch(/^TRACE: is a file and not a folder/);
    rmSync(join(folder, 'power.csv'));
    mkdirSync(join(folder, 'power.csv'));
    expect(await lineOf(folder)).toMatch(/power.csv: is a folder/);
  });

  it('takes a machine at rest when asked to', async () => {
    const folder = folderOf({ ...FILES, 'invocations.csv': 'function,start,end\n', 'truth.json': undefined });
    const trace = await readTrace(folder, { allowNoInvocations: true });
    expect(trace.invocations.start).toHaveLength(0);
  });

  it.skipIf(!existsSync(join(PUBLISHED, 'faasmeter-desktop')))('reads a published trace', async () => {
    const { power, invocations, description, truth } = await readTrace(join(PUBLISHED, 'faasmeter-desktop'));
    expect(power.t[0]).toBe(-68);
    expect(power.systemWatts.filter(Number.isNaN)).toHaveLength(39);
    expect(invocations.start).toHaveLength(2098);
    expect([...invocations.functions].sort()).toEqual(['cnn', 'dd', 'image', 'pyaes']);
    expect(description).toEqual({
      cores: 12,
      carbonGramsPerKilowattHour: 386,
      embodiedKilograms: 175,
      lifetimeYears: 5,
    });
    expect(truth?.functions.dd).toEqual({ marginalJoules: 16.0399 });
  });
});

const figure = fc.double({ noDefaultInfinity: true }).map((x) => x + 0);
const seconds = fc.double({ min: -1e4, max: 1e9, noNaN: true }).map((x) => x + 0);
const amount = fc.oneof(fc.double({ min: 0, noDefaultInfinity: true }), fc.constant(Number.NaN));
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => /^[^\p{Cc}\uFEFF]+$/u.test(text));

const traces: fc.Arbitrary<Trace> = fc
  .record({
    power: fc.uniqueArray(fc.tuple(seconds, figure, figure), { minLength: 1, selector: ([t]) => t }),
    functions: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
    runs: fc.array(
      fc.tuple(seconds, fc.oneof(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.constant(FOREVER))),
    ),
    usage: fc.option(fc.array(fc.tuple(amount, amount, amount, amount), { minLength: 1 }), {
      nil: undefined,
    }),
    description: fc.record(
      {
        idleWatts: fc.double({ min: 0, max: 1e4, noNaN: true }).map((x) => x + 0),
        acceleratorFunctions: fc.array(name),
      },
      { requiredKeys: [] },
    ),
    hasCold: fc.boolean(),
    hasAccelerator: fc.boolean(),
    hasReference: fc.boolean(),
  })
  .map(({ power, functions, runs, usage, description, hasCold, hasAccelerator, hasReference }) => {
    const rows = power.sort(([a], [b]) => a - b);
    // Every function runs once at least, in the order of their names in the table.
    const all = [...functions.map((): (typeof runs)[number] => [0, 1]), ...runs];
    return {
      power: {
        t: Float64Array.from(rows, ([t]) => t),
        systemWatts: Float64Array.from(rows, ([, watts]) => watts),
        cpuWatts: Float64Array.from(rows, ([, , watts]) => watts),
        ...(hasAccelerator && { acceleratorWatts: Float64Array.from(rows, ([, watts]) => watts) }),
      },
      invocations: {
        functions,
        functionIndex: Uint32Array.from(all, (_, i) => i % functions.length),
        start: Float64Array.from(all, ([start]) => start),
        end: Float64Array.from(all, ([start, length]) => start + length),
        ...(hasCold && { cold: Uint8Array.from(all, (_, i) => i % 2) }),
      },
      ...(usage && {
        usage: {
          principals: ['system'],
          principalIndex: new Uint32Array(usage.length),
          t: Float64Array.from(usage, (_, i) => i),
          cpuSeconds: Float64Array.from(usage, ([x]) => x),
          cycles: Float64Array.from(usage, ([, x]) => x),
          ...(hasReference && { referenceCycles: Float64Array.from(usage, ([x]) => x) }),
          instructions: Float64Array.from(usage, ([, , x]) => x),
          llcMisses: Float64Array.from(usage, ([, , , x]) => x),
        },
      }),
      description,
      truth: { functions: { [functions[0] ?? '']: { marginalJoules: 1.5, individualJoules: -0.1 } } },
    };
  });

describe('writeTrace', () => {
  it('writes what is read back as the same trace, to the last bit', async () => {
    const folder = join(above(), 'trace');
    await fc.assert(
      fc.asyncProperty(traces, async (trace) => {
        await writeTrace(folder, trace);
        expect(await readTrace(folder)).toEqual(trace);
      }),
      { numRuns: 60 },
    );
    expect(readdirSync(join(folder, '..'))).toEqual(['trace']);
  });

  it('writes into a folder that is new, empty, or reached by a link', async () => {
    const trace = await readTrace(folderOf(FILES));
    const root = above();
    mkdirSync(join(root, 'empty'));
    symlinkSync('empty', join(root, 'link'));
    for (const name of ['new', 'empty', 'link', 'new/']) {
      await writeTrace(join(root, name), trace);
      expect(await readTrace(join(root, name))).toEqual(trace);
    }
    expect(readdirSync(root).sort()).toEqual(['empty', 'link', 'new']);
  });

  it('never overwrites what is no trace, nor a trace when asked not to', async () => {
    const trace = await readTrace(folderOf(FILES));
    const mixed = folderOf({ ...FILES, 'notes.md': 'mine' });
    const alone = folderOf({ 'power.csv': 'mine' });
    for (const folder of [mixed, alone, join(mixed, 'notes.md')]) {
      await expect(writeTrace(folder, trace)).rejects.toThrow(/will not be overwritten/);
    }
    const whole = folderOf(FILES);
    await expect(writeTrace(whole, trace, { overwrite: false })).rejects.toThrow(/holds a trace/);
    expect(readFileSync(join(mixed, 'power.csv'), 'utf8')).toBe(FILES['power.csv']);
    expect(readFileSync(join(alone, 'power.csv'), 'utf8')).toBe('mine');
    expect(readFileSync(join(whole, 'power.csv'), 'utf8')).toBe(FILES['power.csv']);
  });

  it('leaves what was there, and nothing else, when the trace can not be written', async () => {
    const trace = await readTrace(folderOf(FILES));
    const root = above();
    const folder = join(root, 'trace');
    const broken = { ...trace.invocations, start: Float64Array.of(0, Number.NaN, 0) };
    await expect(writeTrace(folder, { ...trace, invocations: broken })).rejects.toThrow(
      /start of invocation 1 is NaN/,
    );
    expect(readdirSync(root)).toEqual([]);
    await writeTrace(folder, trace);
    const named = { ...trace.invocations, functions: ['a\nb', 'c'] };
    await expect(writeTrace(folder, { ...trace, invocations: named })).rejects.toThrow(
      /a function is called "a\\nb"/,
    );
    expect(readdirSync(root)).toEqual(['trace']);
    expect(await readTrace(folder)).toEqual(trace);
    await expect(writeTrace(join(root, 'no', 'such'), trace)).rejects.toThrow(/could not write the trace/);
  });
});
