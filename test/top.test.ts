import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { PowercapTree } from './support/powercap-tree.js';
import { NO_TERMINAL, Terminal } from './support/terminal.js';
import { isAlive, MAIN, Running, wattloop } from './support/wattloop.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

function powercap(): PowercapTree {
  const tree = new PowercapTree();
  cleanups.push(() => tree.close());
  return tree;
}

/** A process that keeps a processor busy, under a name of its own. */
function burner(): ChildProcess {
  const child = spawn('bash', ['-c', 'echo burnwatt > /proc/$$/comm; while :; do :; done'], {
    stdio: 'ignore',
  });
  cleanups.push(() => child.kill('SIGKILL'));
  return child;
}

function terminal(options: ConstructorParameters<typeof Terminal>[0] = {}): Terminal {
  const opened = new Terminal(options);
  cleanups.push(() => opened.close());
  return opened;
}

const TOP = [process.execPath, MAIN, 'top', '--interval', '200ms'];
const ROW = /^ *[\d.-]+ ?[munk µ]?W? +[\d.]+ % /;

describe.skipIf(NO_TERMINAL)(`top in a terminal (needs ${NO_TERMINAL ?? 'nothing more'})`, () => {
  it('fills 80 by 24, the largest consumer first, and leaves the terminal as it was', async () => {
    burner();
    const screen = terminal();
    await screen.run('echo', 'before');
    await screen.shows(/^before$/m);
    await screen.run(...TOP, '--sysfs', powercap().sysfs);
    const lines = await screen.shows(/%.*burnwatt/);
    expect(lines).toHaveLength(24);
    expect(lines[0]).toMatch(/^wattloop top {2}[\d.]+ \S?W by rapl \(package\+dram, measured\)/);
    expect(lines[1]).toMatch(/^\d\.\d\d of \d+ CPUs busy {2}[\d.]+ \S?J so far/);
    expect(lines[2]).toMatch(/^by process, sorted by watts, \d+ rows$/);
    expect(lines[3]).toMatch(/^ +POWER +CPU +ENERGY {2}ID +NAME$/);
    expect(lines[23]).toMatch(/^q quit .* scroll$/);
    const powers = lines.slice(4, 23).filter((line) => ROW.test(line));
    expect(powers[0]).toMatch(/W/);
    expect(screen.modes()).toEqual({ alternate: true, cursor: false });
    screen.type('q');
    await screen.shows(/^before$/m);
    expect(screen.modes()).toEqual({ alternate: false, cursor: true });
    // What is typed before the shell asks again may still be top's.
    await screen.shows(/^\$ ?$/m);
    screen.type('echo $((40 + 2)), exit $?', 'Enter');
    await screen.shows(/^42, exit 0$/m);
  });

  it('sorts, filters, pauses and changes the view by keys', async () => {
    const busy = burner();
    const screen = terminal();
    await screen.run(...TOP, '--sysfs', powercap().sysfs);
    await screen.shows(/burnwatt/);
    screen.type('s');
    await screen.shows(/sorted by cpu/);
    screen.type('/');
    screen.type('-l', 'burnwaxx');
    await screen.shows(/^filter: burnwaxx_/m);
    screen.type('BSpace', 'BSpace', 't', 't', 'Enter');
    const filtered = await screen.shows(/filter "burnwatt"/);
    expect(filtered[2]).toMatch(/, 1 rows, filter "burnwatt"$/);
    expect(filtered[4]).toContain(String(busy.pid));
    screen.type('p');
    const paused = await screen.shows(/PAUSED/);
    screen.type('Escape');
    await screen.shows(/rows, PAUSED/);
    // The same snapshot, with all its rows: the head stands still.
    expect(screen.lines().slice(0, 2)).toEqual(paused.slice(0, 2));
    screen.type('p');
    await screen.shows(/rows$/m);
    screen.type('b');
    await screen.shows(/by container, sorted by cpu, [1-9]\d* rows$/m);
    screen.type('b');
    await screen.shows(/by cgroup, sorted by cpu, [1-9]\d* rows$/m);
    screen.type('C-c');
    await screen.shows(/^\$ ?$/m);
    expect(screen.modes()).toEqual({ alternate: false, cursor: true });
  });

  it('follows a terminal that changes its size, however small, and scrolls', async () => {
    const screen = terminal({ width: 120, height: 30 });
    await screen.run(...TOP);
    await screen.shows(/rows$/m);
    screen.resize(40, 8);
    await expect.poll(() => screen.lines().filter((line) => line.startsWith('q quit')).length).toBe(1);
    await expect.poll(() => screen.lines()[7]).toMatch(/^q quit/);
    const before = screen.lines().slice(0, 1);
    screen.type('NPage', 'Down', 'Up', 'PPage');
    await expect.poll(() => screen.lines()[0]?.slice(0, 12)).toBe(before[0]?.slice(0, 12));
    screen.resize(12, 2);
    screen.type('q');
    screen.resize(80, 24);
    await screen.shows(/^\$ ?$/m);
  });

  it('writes ASCII to a terminal that is not set to UTF-8', async () => {
    const screen = terminal({ env: { LC_ALL: 'C' } });
    await screen.run(...TOP);
    const lines = await screen.shows(/up\/down/);
    expect(lines.join('\n')).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('ends when its terminal goes away', async () => {
    const screen = terminal();
    await screen.run(...TOP);
    await screen.shows(/rows$/m);
    const shell = screen.panePid;
    const [top = 0] = readdirSync('/proc').flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(shell) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
    expect(await isAlive(top)).toBe(true);
    screen.close();
    await expect.poll(() => isAlive(top), { timeout: 10_000 }).toBe(false);
  });
});

describe('top without a terminal', () => {
  it('prints plain tables, as many as it is asked for', async () => {
    const args = [
      'top',
      '--interval',
      '50ms',
      '--iterations',
      '2',
      '--rows',
      '3',
      '--sysfs',
      powercap().sysfs,
    ];
    const { code, stdout, stderr } = await wattloop(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('\u001b');
    const tables = stdout.trim().split('\n\n');
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      const lines = table.split('\n');
      expect(lines[0]).toMatch(/^wattloop top {2}.*by rapl/);
      expect(lines.filter((line) => ROW.test(line)).length).toBeLessThanOrEqual(3);
    }
  });

  it('prints one JSON document a tick, whose parts add up to the whole', async () => {
    const args = ['top', '--json', '--interval', '100ms', '--iterations', '3', '--sysfs', powercap().sysfs];
    const { stdout } = await wattloop(args);
    const ticks = stdout.trim().split('\n');
    expect(ticks).toHaveLength(3);
    for (const tick of ticks) {
      const { watts, idle_watts, unattributed_watts, principals, primary } = JSON.parse(tick);
      expect(primary.source).toBe('rapl');
      const active = principals.reduce((sum: number, one: { watts: number }) => sum + one.watts, 0);
      expect(active + (idle_watts ?? 0) + unattributed_watts).toBeCloseTo(watts, 6);
    }
  });

  it.each(['container', 'cgroup'])('tells %ss apart', async (by) => {
    const { code, stdout } = await wattloop([
      'top',
      '--json',
      '--by',
      by,
      '--interval',
      '50ms',
      '--iterations',
      '1',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).principals.map(({ name }: { name: string }) => name)).toContain('wattloop');
  });

  it('shows CPU time, and a dash for power, where nothing gives power', async () => {
    const args = ['top', '--interval', '50ms', '--iterations', '1', '--methods', 'battery'];
    const { code, stdout } = await wattloop(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/no source of power works here/);
    expect(stdout).toMatch(/^ +- +[\d.]+ % +- /m);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in order at %s', async (signal) => {
    const running = new Running(['top', '--interval', '50ms']);
    await running.shows(/wattloop top/);
    process.kill(running.pid, signal);
    expect(await running.done).toMatchObject({ code: 0, stderr: '' });
  });

  it('ends when nobody reads any more', async () => {
    const running = new Running(['top', '--interval', '20ms']);
    await running.shows(/wattloop top/);
    running.child.stdout?.destroy();
    expect(await running.done).toMatchObject({ code: 0, stderr: '' });
  });
});
