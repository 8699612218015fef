import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrace } from '../src/lab/index.js';
import { freshFolder, wattloop } from './support/wattloop.js';

const SHORT = ['--duration', '3m', '--lead', '20s', '--functions', '3'];

/** Writes a trace into a folder of its own. */
async function simulate(...args: string[]) {
  const out = join(freshFolder(), 'trace');
  const { code, stdout, stderr } = await wattloop(['simulate', 'server', '--out', out, ...SHORT, ...args]);
  return { out, code, stdout, stderr };
}

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

describe('wattloop simulate server', () => {
  it('writes a trace that can be read, with the idle machine first and the truth beside it', async () => {
    const { out, code, stdout, stderr } = await simulate('--tell-idle');
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'invocations.csv',
      'power.csv',
      'trace.json',
      'truth.json',
      'usage.csv',
    ]);
    const trace = await readTrace(out);
    expect(trace.power.t[0]).toBeCloseTo(-19, 0);
    expect(trace.description).toMatchObject({ idleWatts: 14, cores: 12 });
    expect(trace.invocations.functions.length).toBe(3);
    for (const name of trace.invocations.functions) {
      expect(stdout).toContain(name);
      expect(trace.truth?.functions[name]?.marginalJoules).toBeGreaterThan(0);
    }
    expect(stderr).toMatch(/^\S+: \d+ invocations in \d+ s, [\d.]+ W on average, 14 W idle\n$/);
  });

  it('writes the same bytes for the same seed, and others for another', async () => {
    const [one, same, other] = await Promise.all([
      simulate('--seed', '5'),
      simulate('--seed', '5'),
      simulate('--seed', '6'),
    ]);
    for (const name of readdirSync(one.out)) expect(read(same.out, name)).toBe(read(one.out, name));
    expect(read(other.out, 'power.csv')).not.toBe(read(one.out, 'power.csv'));
  });

  it('prints its summary as one document, whose functions have all that the machine drew', async () => {
    const { stdout, stderr } = await simulate('--json', '--machine', 'board', '--no-marginals');
    expect(stderr).toBe('');
    const { measured_j, unattributed_j, functions } = JSON.parse(stdout);
    let sum = unattributed_j;
    for (const { invocations, total_j } of Object.values<Record<string, number>>(functions))
      sum += (invocations ?? 0) * (total_j ?? 0);
    expect(sum / measured_j).toBeCloseTo(1, 9);
    for (const { marginal_j } of Object.values<Record<string, unknown>>(functions))
      expect(marginal_j).toBeNull();
  });

  it('leaves a function out of the same arrivals', async () => {
    const whole = await simulate('--ideal', '--workload', 'steady');
    const { invocations } = await readTrace(whole.out);
    const [gone = '', ...others] = invocations.functions;
    const rest = await simulate('--ideal', '--workload', 'steady', '--without', gone);
    const left = (await readTrace(rest.out)).invocations;
    expect([...left.functions].sort()).toEqual([...others].sort());
    const kept = invocations.functionIndex.filter((index) => invocations.functions[index] !== gone);
    expect(left.start.length).toBe(kept.length);
  });

  it('writes what --ideal and --usage ask for', async () => {
    const { out } = await simulate('--ideal', '--usage', 'none', '--period', '2s');
    expect(readdirSync(out)).not.toContain('usage.csv');
    expect(read(out, 'power.csv')).toMatch(/^t,system_w,cpu_w\n-18,14,3\n-16,14,3\n/);
  });

  it.each([
    [['--machine', 'mainframe'], /'mainframe' is invalid/],
    [['--without', 'nobody'], /no function "nobody" to leave out\. There are /],
    [['--invocations', '100'], /--invocations goes with --workload azure/],
    [['--load', 'much'], /number of at least 0/],
    [['--load', '0'], /load above 0/],
    [['--workload', 'azure', '--invocations', '0'], /needs invocations/],
    [['--sensor-dropout', '2'], /from 0 to 1/],
    [['--workload', 'azure', '--invocations', '90000000'], /dispatch alone/],
  ])('refuses %j with one line, and writes nothing', async (args, message) => {
    const { out, code, stdout, stderr } = await simulate(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(() => readdirSync(out)).toThrow(/ENOENT/);
  });
});
