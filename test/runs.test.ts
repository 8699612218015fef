import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { beforeEach, describe, expect, it } from 'vitest';
import { Knowledge } from '../src/knowledge/index.js';
import { EXAMPLE_PLATFORM, exampleInvocation } from '../src/knowledge/testing/example-invocation.js';
import type { StageSummary } from '../src/model/index.js';
import { freshFolder, type Outcome, wattloop } from './support/wattloop.js';

const FIRST = '20260501-first';
const SECOND = '20260502-second';

const STAGE: StageSummary = {
  name: 'sample',
  configuration: { cpu: 1, memoryMib: 256, workers: 4 },
  invocations: 5,
  failed: 1,
  retries: 1,
  wallSeconds: 2.5,
  cpuSeconds: 5.6,
  readSeconds: 0.5,
  computeSeconds: 4,
  writeSeconds: 0.5,
  coldStarts: 1,
  joules: 35.5,
  source: 'perf-power',
  provenance: 'measured',
  carbonGrams: 0.0047,
};

let cwd: string;
let log: string;

const run = (...args: readonly string[]): Promise<Outcome> => wattloop(['runs', ...args], { cwd });

/** Two runs: one that is done, with a failure on the way; one whose process was killed. */
beforeEach(async () => {
  cwd = freshFolder();
  const data = join(cwd, '.wattloop');
  log = join(data, 'runs', FIRST, 'logs', 'sample', '2.1.log');
  mkdirSync(join(log, '..'), { recursive: true });
  writeFileSync(log, 'out of luck\n');
  const knowledge = await Knowledge.open(join(data, 'knowledge.db'));
  const { name: _, configuration: __, ...totals } = STAGE;
  knowledge.beginRun({
    id: FIRST,
    workflow: 'monte-carlo-pi',
    workflowFile: '/home/me/pi.ts',
    parameters: { points: 1_000 },
    startedAt: 1_777_600_000,
  });
  for (let partition = 0; partition < 4; partition++) knowledge.record(exampleInvocation(FIRST, partition));
  const error = { name: 'Error', message: 'no luck, "again"\nand more' };
  knowledge.record(exampleInvocation(FIRST, 2, { id: 'x', status: 'failed', error, log }));
  knowledge.endRun(FIRST, {
    status: 'done',
    endedAt: 1_777_600_003,
    stages: [STAGE],
    totals,
    platforms: [EXAMPLE_PLATFORM],
    result: { value: 3.14 },
  });
  knowledge.beginRun({ id: SECOND, workflow: 'words', startedAt: 1_777_700_000 });
  knowledge.record(exampleInvocation(SECOND, 0));
  knowledge.close();
});

describe('wattloop runs', () => {
  it('lists runs, the newest first, as a table and as a document', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^RUN +WORKFLOW +STATUS +STARTED +TOOK +INVOCATIONS +ENERGY +CO2E +COST$/);
    expect(rows).toEqual([
      expect.stringMatching(/^20260502-second +words +running +\d{4}-.* +- +1 +- +- +-$/),
      expect.stringMatching(
        /^20260501-first +monte-carlo-pi +done +\d{4}-.* 3\.00 s +5 +35\.5 J +4\.70 mg +-$/,
      ),
    ]);
    const document = JSON.parse((await run('--json')).stdout);
    expect(document.runs).toMatchObject([
      { run: SECOND, status: 'running', invocations: 1, joules: null },
      { run: FIRST, status: 'done', wall_seconds: 3, invocations: 5, joules: 35.5, source: 'perf-power' },
    ]);
  });

  it('lists few, or those of one workflow', async () => {
    const ids = async (...args: readonly string[]): Promise<string[]> =>
      JSON.parse((await run(...args, '--json')).stdout).runs.map((each: { run: string }) => each.run);
    expect(await ids('--limit', '1')).toEqual([SECOND]);
    expect(await ids('list', '--workflow', 'monte-carlo-pi')).toEqual([FIRST]);
    expect(await ids('--workflow', 'nothing')).toEqual([]);
  });

  it('is no failure where nothing has been run yet', async () => {
    const empty = freshFolder();
    const table = await wattloop(['runs'], { cwd: empty });
    expect(table).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/no runs.*knowledge\.db/),
    });
    expect(JSON.parse((await wattloop(['runs', '--json'], { cwd: empty })).stdout)).toEqual({ runs: [] });
    // Looking leaves nothing behind.
    expect(readdirSync(empty)).toEqual([]);
  });

  it('finds them where data_dir says', async () => {
    const env = { ...process.env, WATTLOOP_DATA_DIR: join(cwd, '.wattloop') };
    const { stdout } = await wattloop(['runs', '--json'], { cwd: freshFolder(), env });
    expect(JSON.parse(stdout).runs).toHaveLength(2);
  });
});

describe('wattloop runs show', () => {
  it('shows the stages, and failures with their logs', async () => {
    const { code, stdout } = await run('show', '20260501');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Run +20260501-first$/m);
    expect(stdout).toMatch(/^Result +3\.14$/m);
    expect(stdout).toMatch(/^sample +4 x 1 CPU, 256\.0 MiB +5 +1 +1 +1 +2\.50 s/m);
    expect(stdout).toContain('Energy by perf-power (measured)');
    const failure = stdout.split('\n').find((line) => line.includes('no luck'));
    expect(failure).toMatch(/^sample +2 +1 +failed +no luck, "again" +\/.*2\.1\.log$/);
    expect(failure).toContain(log);
  });

  it('prints the document of a run', async () => {
    const document = JSON.parse((await run('show', FIRST, '--json')).stdout);
    expect(document).toMatchObject({
      run: FIRST,
      workflow: 'monte-carlo-pi',
      status: 'done',
      stages: [{ name: 'sample', invocations: 5, failed: 1, cost_usd: null, joules: 35.5 }],
      totals: { joules: 35.5 },
      result: 3.14,
      parameters: { points: 1_000 },
      platforms: [{ hostname: 'bench-1', cpu_limit: { by: 'cgroup-v2' } }],
      failures: [{ stage: 'sample', partition: 2, status: 'failed', log }],
    });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    [
      'a run that is not there',
      ['show', '20260501-fist'],
      1,
      /no run "20260501-fist".*Did you mean 20260501-first/,
    ],
    ['too little of an id', ['show', '2026050'], 2, /several runs: 20260502-second, 20260501-first/],
  ])('refuses %s', async (_, args, code, message) => {
    const outcome = await run(...args);
    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('wattloop runs export', () => {
  it('writes CSV, JSON and Parquet that tell the same', async () => {
    const file = (name: string): string => join(cwd, name);
    for (const name of ['out.csv', 'out.json', 'out.parquet'])
      expect(await run('export', FIRST, SECOND, '--output', name)).toMatchObject({
        code: 0,
        stdout: '',
        stderr: expect.stringContaining(`6 invocations are in ${name}`),
      });
    const rows = JSON.parse(readFileSync(file('out.json'), 'utf8'));
    expect(rows).toHaveLength(6);
    expect(rows[4]).toMatchObject({
      run: FIRST,
      status: 'failed',
      error_message: 'no luck, "again"\nand more',
    });
    const csv = parse<Record<string, string>>(readFileSync(file('out.csv')), { columns: true });
    expect(csv.map((row) => row.error_message)).toEqual(
      rows.map((row: { error_message: string | null }) => row.error_message ?? ''),
    );
    const { buffer } = new Uint8Array(readFileSync(file('out.parquet')));
    const parquet = await parquetReadObjects({ file: buffer });
    expect(parquet.map((row) => row.perf_power_package_joules)).toEqual(Array(6).fill(4.75));
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes to stdout what is text', async () => {
    const { stdout } = await run('export', SECOND, '--format', 'csv');
    expect(stdout).toMatch(/^run,workflow,stage,.*\r\n20260502-second,words,sample,0,/);
    expect(JSON.parse((await run('export', SECOND)).stdout)).toHaveLength(1);
  });

  it('exports a run once that is named twice, and tells so with --json', async () => {
    const { stdout } = await run('export', FIRST, '20260501', '--output', 'out.csv', '--json');
    expect(JSON.parse(stdout)).toEqual({ output: 'out.csv', format: 'csv', runs: [FIRST], rows: 5 });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['Parquet on stdout', ['export', FIRST, '--format', 'parquet'], 2, /--output/],
    ['--json without a file', ['export', FIRST, '--json'], 2, /--output/],
    ['an unknown format', ['export', FIRST, '--format', 'xml'], 2, /xml/],
    ['a folder that is not there', ['export', FIRST, '--output', 'no/such/file.csv'], 1, /could not write/],
    ['no run', ['export'], 2, /ids/],
  ])('refuses %s', async (_, args, code, message) => {
    expect(await run(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
  });
});

describe('wattloop runs delete', () => {
  it('deletes a run with its logs and data, and no other', async () => {
    const objectOf = (id: string): string => join(cwd, '.wattloop', 'storage', 'runs', id, 'sample', '0');
    for (const id of [FIRST, SECOND]) {
      mkdirSync(join(objectOf(id), '..'), { recursive: true });
      writeFileSync(objectOf(id), '[1]');
    }
    const { code, stdout } = await run('delete', '20260501', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ deleted: [FIRST], objects: 1 });
    expect([log, objectOf(FIRST), objectOf(SECOND)].map((path) => existsSync(path))).toEqual([
      false,
      false,
      true,
    ]);
    const left = JSON.parse((await run('--json')).stdout);
    expect(left.runs.map((each: { run: string }) => each.run)).toEqual([SECOND]);
  });

  it('keeps what can not be deleted whole, unless the data may stay', async () => {
    // No bucket is set.
    const env = { ...process.env, WATTLOOP_STORAGE_BACKEND: 's3' };
    const failed = await wattloop(['runs', 'delete', FIRST], { cwd, env });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('--keep-data') });
    expect(JSON.parse((await run('--json')).stdout).runs).toHaveLength(2);
    expect(await wattloop(['runs', 'delete', FIRST, '--keep-data'], { cwd, env })).toMatchObject({ code: 0 });
    expect(JSON.parse((await run('--json')).stdout).runs).toHaveLength(1);
  });

  it('refuses a run that goes on, and deletes nothing for a slip in a name', async () => {
    // This test's process is the one that began it.
    expect(await run('delete', SECOND)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`process ${process.pid}`),
    });
    expect(await run('delete', FIRST, 'nothing')).toMatchObject({ code: 1 });
    expect(JSON.parse((await run('--json')).stdout).runs).toHaveLength(2);
  });
});

describe('a knowledge base that is damaged', () => {
  it('is told in one line, with what to do', async () => {
    writeFileSync(join(cwd, '.wattloop', 'knowledge.db'), 'garbage'.repeat(1_000));
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^wattloop: the knowledge base .* is damaged.*Move it away.*\n$/);
  });
});
