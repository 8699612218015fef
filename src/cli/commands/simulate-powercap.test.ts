import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { simulatePowercapCommand } from './simulate-powercap.js';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'wattloop-simulate-'));

/** Runs the command in this process; `printed` resolves with the first thing it prints. */
function simulate(...args: string[]) {
  const command = simulatePowercapCommand().option('--json').exitOverride();
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  let out: (text: string) => void = () => {};
  const printed = new Promise<string>((resolve) => {
    out = resolve;
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out(String(text));
    return true;
  });
  return { printed, done: command.parseAsync(args, { from: 'user' }) };
}

// The name of a folder for tests, not a setting of the program.
beforeEach(() => void vi.stubEnv('REFERENCE_DATA', undefined));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('simulate powercap', () => {
  it('makes a tree that follows a curve, says how to use it, and takes it away at the signal to end', async () => {
    const folder = fresh();
    const curve = join(folder, 'curve.csv');
    writeFileSync(curve, 't,watts\n0,1000\n');
    const root = join(folder, 'sys');
    const { printed, done } = simulate(
      '--root',
      root,
      '--curve',
      curve,
      '--interval',
      '1ms',
      '--sockets',
      '2',
    );
    expect(await printed).toBe(
      `powercap tree in ${root} until Ctrl-C; try: wattloop measure --sysfs ${root} -- COMMAND\n`,
    );
    const energy = (): number =>
      Number(readFileSync(join(root, 'class/powercap/intel-rapl:1/energy_uj'), 'utf8'));
    await vi.waitUntil(() => energy() > 0, { timeout: 10_000, interval: 5 });
    const before = process.listenerCount('SIGINT');
    process.emit('SIGINT');
    await done;
    expect(existsSync(root)).toBe(false);
    expect(process.listenerCount('SIGINT')).toBe(before - 1);
  });

  it("follows this machine's processors, for a given time, and describes its zones as JSON", async () => {
    const root = join(fresh(), 'sys');
    const { printed, done } = simulate(
      ...['--root', root, '--duration', '20ms', '--json', '--zones', 'psys', '--range-uj', '9000000'],
    );
    expect(JSON.parse(await printed)).toEqual({
      root,
      zones: [
        { zone: 'intel-rapl:0', name: 'package-0', max_energy_range_uj: 9_000_000 },
        { zone: 'intel-rapl:1', name: 'psys', max_energy_range_uj: 9_000_000 },
      ],
    });
    await done;
    expect(existsSync(root)).toBe(false);
  });

  it.each([
    [['--curve', '/nowhere/curve.csv'], /nowhere/],
    [['--zones', 'core,moon'], /"moon" is none of core, uncore, dram, psys, mmio/],
    [['--interval', '0'], /a time above 0/],
    [['--range-uj', '1e6'], /whole number of microjoules/],
    [['--max-watts', '-1'], /0 or more/],
    [['--idle-watts', '80'], /does not rise/],
  ])('refuses %j before it writes anything', async (args, message) => {
    const root = join(fresh(), 'sys');
    await expect(simulate('--root', root, ...args).done).rejects.toThrow(message);
    expect(existsSync(root)).toBe(false);
  });
});
