import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, wattloop } from './support/wattloop.js';

const POWER = 't,system_w,cpu_w\n1,20,\n2,21,\n3,22,\n';
const INVOCATIONS = 'function,start,end\naes,0,1\naes,1,2\n';

/** A folder with a sound trace, but for the files named here; those that are undefined are missing. */
function traceOf(files: Readonly<Record<string, string | undefined>>): string {
  const folder = join(freshFolder(), 'trace');
  mkdirSync(folder);
  for (const [name, text] of Object.entries({ 'power.csv': POWER, 'invocations.csv': INVOCATIONS, ...files }))
    if (text !== undefined) writeFileSync(join(folder, name), text);
  return folder;
}

/** What the command says of a trace that it refuses, with the folder as `trace`. */
async function refusalOf(folder: string, args: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await wattloop(['attribute', folder, ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^wattloop: [^\n]+\n$/);
  return stderr.replaceAll(folder, 'trace').slice('wattloop: '.length);
}

const REFUSED: readonly (readonly [what: string, file: string, text: string | undefined, says: string])[] = [
  [
    'a column that is missing',
    'power.csv',
    't,cpu_w\n1,2\n',
    'trace/power.csv, line 1: no column "system_w"',
  ],
  ['no ends', 'invocations.csv', 'function,start\naes,0\n', 'trace/invocations.csv, line 1: no column "end"'],
  [
    'text in figures',
    'power.csv',
    't,system_w\n1,2\n2,much\n',
    'trace/power.csv, line 3: system_w is "much"',
  ],
  [
    'text in times',
    'invocations.csv',
    'function,start,end\naes,soon,1\n',
    'trace/invocations.csv, line 2: start is "soon"',
  ],
  [
    'times that run backwards',
    'power.csv',
    't,system_w\n1,20\n3,20\n2,20\n',
    'trace/power.csv, line 4: time 2 comes after 3',
  ],
  ['a time twice', 'power.csv', 't,system_w\n1,20\n1,20\n', 'trace/power.csv, line 3: time 1 is that of'],
  [
    'an end before its start',
    'invocations.csv',
    'function,start,end\naes,0,1\naes,2,1\n',
    'trace/invocations.csv, line 3: end 1 is before start 2',
  ],
  [
    'NaN',
    'power.csv',
    't,system_w\n1,NaN\n',
    'trace/power.csv, line 2: system_w is "NaN", which is no number',
  ],
  ['infinity', 'power.csv', 't,system_w\n1,2\ninf,2\n', 'trace/power.csv, line 3: t is "inf"'],
  ['a time left blank', 'power.csv', 't,system_w\n1,20\n,20\n', 'trace/power.csv, line 3: t is blank'],
  [
    'a row that is too short',
    'invocations.csv',
    'function,start,end\naes,0\n',
    'trace/invocations.csv, line 2: 2 cells where the header has 3',
  ],
  ['an empty file', 'power.csv', '', 'trace/power.csv, line 1: the file is empty'],
  [
    'a header alone',
    'invocations.csv',
    'function,start,end\n',
    'trace/invocations.csv, line 2: there is a header',
  ],
  ['a file that is missing', 'invocations.csv', undefined, 'trace/invocations.csv: there is no such file'],
  ['usage with text in it', 'usage.csv', 't,principal,cpu_s\n1,fn:aes,x\n', 'trace/usage.csv, line 2: cpu_s'],
  ['a description that is no JSON', 'trace.json', '{"idle_w": 95', 'trace/trace.json, line 1: it is no JSON'],
  ['a description with text', 'trace.json', '{"idle_w": "many"}', 'trace/trace.json, line 1: idle_w'],
  [
    'power that is blank throughout',
    'power.csv',
    't,system_w\n1,\n2,\n',
    'no power of the whole machine is on record',
  ],
  [
    'power from before the work alone',
    'power.csv',
    't,system_w\n-9,20\n-8,20\n',
    'power is on record up to -8 s on the clock of the work',
  ],
];

describe('wattloop attribute refuses', () => {
  it.each(REFUSED)('%s, and says where in one line', async (_, file, text, says) => {
    expect((await refusalOf(traceOf({ [file]: text }))).slice(0, says.length)).toBe(says);
  });

  it('what is no folder, and a second trace that is none', async () => {
    expect(await refusalOf('/nowhere')).toMatch(/^trace: there is no such folder/);
    expect(await refusalOf(join(traceOf({}), 'power.csv'))).toMatch(/^trace: is a file and not a folder/);
    const { code, stdout, stderr } = await wattloop([
      'attribute',
      traceOf({}),
      '--minus',
      '/nowhere',
      '--json',
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wattloop: \/nowhere: there is no such folder[^\n]*\n$/);
  });

  it('ticks that the record does not fill, and flags that make no sense', async () => {
    expect(await refusalOf(traceOf({}), ['--tick', '10s'])).toMatch(/no whole tick of 10 s/);
    expect(await refusalOf(traceOf({}), ['--tick', '0'])).toMatch(/'--tick <time>' argument '0' is invalid/);
    expect(await refusalOf(traceOf({}), ['--mode', 'best'])).toMatch(/argument 'best' is invalid/);
    expect((await wattloop(['attribute'])).code).toBe(2);
  });
});

describe('wattloop attribute', () => {
  it('prints one document and nothing else of a record that says next to nothing', async () => {
    const { code, stdout, stderr } = await wattloop(['attribute', traceOf({}), '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
    const { functions, shares, r2, lag_s, provenance } = JSON.parse(stdout);
    expect(shares.measured_j).toBe(63);
    expect(functions.aes.invocations).toBe(2);
    expect(functions.aes.individual_error_j).toBeGreaterThan(functions.aes.individual_j / 2);
    expect({ lag_s, r2: typeof r2 }).toEqual({ lag_s: null, r2: 'number' });
    expect(provenance.lag_s.reason).toMatch(/too short/);
  });

  it('keeps functions by whatever name they have', async () => {
    const rows = ['__proto__,0,1', 'constructor,1,2', '"a ""b"", c",2,3'];
    const folder = traceOf({ 'invocations.csv': `function,start,end\n${rows.join('\n')}\n` });
    const { stdout } = await wattloop(['attribute', folder, '--json']);
    const { functions } = JSON.parse(stdout);
    expect(Object.keys(functions).sort()).toEqual(['__proto__', 'a "b", c', 'constructor']);
  });

  it('leaves a report that is there as it is when it fails, and nothing beside it', async () => {
    const report = join(freshFolder(), 'account.html');
    writeFileSync(report, 'the one from before');
    const bad = traceOf({ 'power.csv': 't,system_w\n1,much\n' });
    expect((await wattloop(['attribute', bad, '--report', report])).code).toBe(2);
    expect(readFileSync(report, 'utf8')).toBe('the one from before');
    expect(readdirSync(join(report, '..'))).toEqual(['account.html']);
    expect((await wattloop(['attribute', traceOf({}), '--report', report, '--quiet'])).stderr).toBe('');
    expect(readFileSync(report, 'utf8')).toMatch(/<\/html>\s*$/);
    expect(readdirSync(join(report, '..'))).toEqual(['account.html']);
  });

  it('fails without a word to stdout where the report cannot be written', async () => {
    const { code, stdout, stderr } = await wattloop([
      'attribute',
      traceOf({}),
      '--json',
      '--report',
      freshFolder(),
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^wattloop: could not write [^\n]+\n$/);
  });
});
