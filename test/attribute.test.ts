import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, MAIN, wattloop } from './support/wattloop.js';

const PUBLISHED = join(
  process.env.REFERENCE_DATA ?? join(import.meta.dirname, '..', '..', 'shared', 'data'),
  'faasmeter-desktop',
);

/** The sums of a document make up what was measured, and its functions make up the sums. */
function expectConservation(document: {
  readonly shares: Record<string, number>;
  readonly functions: Record<string, Record<string, number>>;
}): void {
  const { measured_j, individual_j, control_plane_j, idle_j, unattributed_j } = document.shares;
  const parts = (individual_j ?? 0) + (control_plane_j ?? 0) + (idle_j ?? 0) + (unattributed_j ?? 0);
  expect(Math.abs(parts / (measured_j ?? 0) - 1)).toBeLessThan(1e-9);
  const ofFunctions = Object.values(document.functions).reduce(
    (sum, { invocations = 0, individual_j: each = 0 }) => sum + invocations * each,
    0,
  );
  expect(Math.abs(ofFunctions / (individual_j ?? 0) - 1)).toBeLessThan(1e-6);
}

describe('wattloop attribute', () => {
  let trace: string;
  let without: string;

  beforeAll(async () => {
    const lab = freshFolder();
    [trace, without] = [join(lab, 'all'), join(lab, 'without')];
    const common = ['--functions', '3', '--workload', 'steady', '--duration', '6m', '--seed', '3', '--quiet'];
    expect((await wattloop(['simulate', 'server', '--out', trace, ...common])).code).toBe(0);
    const { functions } = JSON.parse(readFileSync(join(trace, 'truth.json'), 'utf8'));
    const left = ['--without', Object.keys(functions)[0] ?? '', '--no-marginals'];
    expect((await wattloop(['simulate', 'server', '--out', without, ...common, ...left])).code).toBe(0);
  });

  it('accounts for a simulated server, as a table and as a document', async () => {
    const table = await wattloop(['attribute', trace]);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^Measured +[\d.]+ kJ/m);
    const { code, stdout } = await wattloop(['attribute', trace, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expectConservation(document);
    expect(Object.keys(document.functions)).toHaveLength(3);
    expect(document.validation.cosine_similarity).toBeGreaterThan(0.9);
  });

  it('tells the marginal energy from a pair of traces', async () => {
    const { stdout } = await wattloop(['attribute', trace, '--minus', without, '--json']);
    const { minus } = JSON.parse(stdout);
    const { functions } = JSON.parse(readFileSync(join(trace, 'truth.json'), 'utf8'));
    const [name = ''] = Object.keys(functions);
    expect(minus).toMatchObject({ functions: [name], other_functions: [] });
    const { marginal_j: truth } = functions[name];
    expect(minus.marginal_j).toBeGreaterThan(0.7 * truth);
    expect(minus.marginal_j).toBeLessThan(1.3 * truth);
  });

  it('writes a report, and says where', async () => {
    const report = join(freshFolder(), 'account.html');
    const { code, stdout, stderr } = await wattloop(['attribute', trace, '--report', report, '--json']);
    expect(code).toBe(0);
    JSON.parse(stdout);
    expect(stderr).toBe(`wattloop: the report is in ${report}\n`);
    expect(readFileSync(report, 'utf8')).toContain('<svg class="chart"');
  });

  it('says in one line where bad input is', async () => {
    const bad = freshFolder();
    writeFileSync(join(bad, 'power.csv'), 't,system_w\n1,20\n2,much\n');
    writeFileSync(join(bad, 'invocations.csv'), 'function,start,end\naes,0,1\n');
    const { code, stdout, stderr } = await wattloop(['attribute', bad]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wattloop: [^\n]*power\.csv, line 3: [^\n]+\n$/);
    const absent = await wattloop(['attribute', '/nowhere']);
    expect(absent.code).toBe(2);
    expect(absent.stderr).toMatch(/^wattloop: \/nowhere: there is no such folder[^\n]*\n$/);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const [input, out] = [freshFolder(), freshFolder()];
    const pipe = join(input, 'power.csv');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    writeFileSync(join(input, 'invocations.csv'), 'function,start,end\naes,0,1\n');
    const args = [MAIN, 'attribute', input, '--report', join(out, 'account.html')];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const exit = once(child, 'exit');
    // A pipe opens for writing when its reader has opened it: the work has begun.
    const writer = await open(pipe, 'w');
    child.kill('SIGINT');
    expect(await exit).toEqual([null, 'SIGINT']);
    await writer.close();
    expect(readdirSync(out)).toEqual([]);
  });

  it.skipIf(!existsSync(PUBLISHED))('accounts for a published trace (needs REFERENCE_DATA)', async () => {
    const { code, stdout } = await wattloop(['attribute', PUBLISHED, '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expectConservation(document);
    expect(Object.keys(document.functions).sort()).toEqual(['cnn', 'dd', 'image', 'pyaes']);
    expect(document.validation.compared).toHaveLength(4);
  });
});
