import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, MAIN, wattloop } from './support/wattloop.js';

/** One line on stderr, nothing on stdout, exit code 2. */
async function refusal(args: readonly string[], options: Parameters<typeof wattloop>[1] = {}) {
  const { code, stdout, stderr } = await wattloop(args, options);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^wattloop: [^\n]+\n$/);
  expect(code).toBe(2);
  return stderr;
}

describe('the command line', () => {
  it('shows help and version on stdout', async () => {
    const help = await wattloop(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['doctor', 'measure', 'top', 'attribute', 'agent', 'simulate'])
      expect(help.stdout).toContain(command);
    expect(await wattloop(['measure', '--help'])).toMatchObject({ code: 0, stderr: '' });
    expect(await wattloop(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('asks for a command where none is given', async () => {
    expect(await wattloop([])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage:'),
    });
  });

  it.each([
    [['messure'], /unknown command 'messure' \(Did you mean measure\?\)/],
    [['doctor', '--jsn'], /unknown option '--jsn' \(Did you mean --json\?\)/],
    [['doctor', 'everything'], /too many arguments/],
    [
      ['measure', '--methods', 'rapll', '--', 'true'],
      /--methods: .*"rapll" is none of .*did you mean "rapl"\?/,
    ],
    [['measure', '--primary', 'kepplr', '--', 'true'], /--primary: .*did you mean "kepler"\?/],
    [['measure', '--interval', 'soon', '--', 'true'], /'--interval <time>' argument 'soon' is invalid/],
    [['measure', '--interval', '1us', '--', 'true'], /at least 1ms/],
    [['measure', '--repeat', '0', '--', 'true'], /whole number/],
    [['measure', '--carbon-intensity', '-1', '--', 'true'], /at least 0/],
    [['measure'], /no command to measure.*wattloop measure -- sleep 1/],
    [['measure', '--config', '/nowhere.yaml', '--', 'true'], /\/nowhere\.yaml: ENOENT/],
    [
      ['doctor', '--sysfs', '/nonexistent'],
      /sysfs tree, \/nonexistent, does not exist. Give --sysfs a folder/,
    ],
    [['doctor', '--procfs', '/etc/passwd'], /procfs tree, \/etc\/passwd, is no folder/],
    [['top', '--by', 'proces'], /Allowed choices are process, container, cgroup/],
    [['top', '--sort', 'height'], /Allowed choices are watts/],
  ])('refuses %j in one line', async (args, line) => {
    expect(await refusal(args)).toMatch(line);
  });

  it('warns of a root that looks like none, and goes on', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'holiday'));
    const { code, stderr } = await wattloop(['doctor', '--sysfs', folder]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^wattloop: warn: the root of the sysfs tree looks like none: [^\n]*\n$/);
  });

  it('reads wattloop.yaml in the working folder, and names the line of a mistake', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'wattloop.yaml'), 'carbon:\n  intensity_g_per_kwh: 12\n');
    const { stdout } = await wattloop(['measure', '--json', '--baseline', '0', '--', 'true'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ carbon_intensity_g_per_kwh: 12 });
    writeFileSync(join(cwd, 'wattloop.yaml'), 'carbon:\n  intensity: 12\n');
    expect(await refusal(['measure', '--', 'true'], { cwd })).toMatch(
      /wattloop\.yaml, line 2: unknown setting "carbon.intensity" \(did you mean "carbon.intensity_g_per_kwh"\?\)/,
    );
  });

  it('lets flags outweigh the environment, and that the file', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'wattloop.yaml'), 'carbon: { intensity_g_per_kwh: 1 }\n');
    const env = { ...process.env, WATTLOOP_CARBON_INTENSITY_G_PER_KWH: '2' };
    const intensity = async (...flags: string[]): Promise<unknown> => {
      const args = ['measure', '--json', '--baseline', '0', ...flags, '--', 'true'];
      return JSON.parse((await wattloop(args, { cwd, env })).stdout).carbon_intensity_g_per_kwh;
    };
    expect(await intensity()).toBe(2);
    expect(await intensity('--carbon-intensity', '3')).toBe(3);
    expect(await refusal(['doctor'], { cwd, env: { ...env, WATTLOOP_METER_METHOD: 'x' } })).toMatch(
      /environment: unknown setting WATTLOOP_METER_METHOD. Did you mean WATTLOOP_METER_METHODS\?/,
    );
  });

  it('takes global options before the command as well', async () => {
    const { code, stdout } = await wattloop(['--json', 'doctor']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('sources');
  });

  it('shows a stack trace when it is asked for one, and not when the measured command has such an option', async () => {
    const own = await wattloop(['measure', '--debug', '--', '/nowhere/program']);
    expect(own.stderr).toMatch(/\n\s+at /);
    const others = await wattloop(['measure', '--', '/nowhere/program', '--debug']);
    expect(others.stderr).toMatch(/^wattloop: [^\n]+\n$/);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const script = 'set -o pipefail; "$0" "$1" doctor | true';
    const child = spawn('bash', ['-c', script, process.execPath, MAIN], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('says that its output could not be written', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await wattloop(['doctor', '--json'], { stdio: ['ignore', full, 'pipe'] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wattloop: could not write to stdout: ENOSPC[^\n]*\n$/);
  });
});
