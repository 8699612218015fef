import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PowercapTree } from './support/powercap-tree.js';
import { freshFolder, isAlive, Running, wattloop } from './support/wattloop.js';

interface Energy {
  source: string;
  domain: string;
  node_joules: number;
  joules: number;
  idle_joules: number | null;
  provenance: string;
  uncertainty: number;
}

interface Document {
  command: string[];
  exit_code: number;
  signal: string | null;
  wall_seconds: number;
  cpu_seconds: number;
  memory_peak_mib: number | null;
  energy: Energy[];
  usage: { source: string; cpu_seconds: number }[];
  primary: string | null;
  joules: number | null;
  disagreements: { a: string; b: string; domain: string; relative: number }[];
  carbon_grams: number | null;
  carbon_intensity_g_per_kwh: number;
  statistics: Record<'wall_seconds' | 'cpu_seconds' | 'joules', { count: number; mean: number } | null>;
  repeats: { exit_code: number; wall_seconds: number; joules: number | null }[];
  outlived: { pid: number; name: string }[];
  absent: { name: string; reason: string; remedy: string }[];
  idle_unknown: string | null;
  interrupted: boolean;
}

const trees: PowercapTree[] = [];
function powercap(watts?: Readonly<Record<string, number>>): PowercapTree {
  const tree = new PowercapTree(watts);
  trees.push(tree);
  return tree;
}
const started: number[] = [];
afterEach(async () => {
  for (const tree of trees.splice(0)) tree.close();
  // Whatever a test has left behind on purpose.
  for (const pid of started.splice(0)) if (await isAlive(pid)) process.kill(pid, 'SIGKILL');
});

/** Without the half second before the command, which most tests have no use for. */
const FAST = ['measure', '--baseline', '0'];
/** Counts for about a third of a second. */
const BUSY = ['sh', '-c', 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'];

async function measured(args: readonly string[], ...command: string[]): Promise<Document> {
  const { stdout, stderr } = await wattloop([...FAST, '--json', ...args, '--', ...command]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Document;
}

/** Every number in a document, by where it is: none may be NaN (null in JSON where a figure must be) or negative. */
function expectSound(document: Document): void {
  expect(document.wall_seconds).toBeGreaterThan(0);
  expect(document.cpu_seconds).toBeGreaterThanOrEqual(0);
  for (const energy of document.energy) {
    expect(energy.joules).toBeGreaterThanOrEqual(0);
    expect(energy.idle_joules ?? 0).toBeGreaterThanOrEqual(0);
    const own = energy.joules + (energy.idle_joules ?? 0);
    expect(own).toBeLessThanOrEqual(energy.node_joules * (1 + 1e-9));
  }
}

describe('measure', () => {
  it('gives one document with what the contract names, every method side by side', async () => {
    const tree = powercap();
    const document = await measured(['--sysfs', tree.sysfs], ...BUSY);
    expect(document).toMatchObject({
      command: BUSY,
      exit_code: 0,
      primary: 'rapl',
      carbon_intensity_g_per_kwh: 473,
      interrupted: false,
    });
    for (const key of ['energy', 'disagreements', 'repeats', 'outlived'] as const)
      expect(document[key]).toBeInstanceOf(Array);
    expectSound(document);
    const of = (domain: string) => document.energy.find((e) => e.source === 'rapl' && e.domain === domain);
    expect(of('package')).toMatchObject({ provenance: 'measured', uncertainty: 0.05 });
    expect(of('package')?.node_joules).toBeGreaterThan(0);
    expect(of('package')?.joules).toBeGreaterThan(0);
    // 40 W and 8 W over the same time.
    const ratio = (of('package')?.node_joules ?? 0) / (of('dram')?.node_joules ?? 1);
    expect(ratio).toBeCloseTo(5, 1);
    const own = (of('package')?.joules ?? 0) + (of('dram')?.joules ?? 0);
    expect(document.joules).toBeCloseTo(own, 6);
    expect(document.carbon_grams).toBeCloseTo((own / 3.6e6) * 473, 9);
  });

  it('agrees with itself: all methods see the same CPU time', async () => {
    const { usage, cpu_seconds } = await measured([], ...BUSY);
    expect(usage.map(({ source }) => source)).toContain('proc');
    for (const method of usage) expect(Math.abs(method.cpu_seconds - cpu_seconds)).toBeLessThan(0.011);
  });

  it('does not give a short command the time of other programs that it has started', async () => {
    const { usage } = await measured([], 'sleep', '0.05');
    expect(usage.find(({ source }) => source === 'proc')?.cpu_seconds).toBeLessThan(0.01);
  });

  it('shares energy by CPU time also when only sources of energy are asked for', async () => {
    const tree = powercap();
    const document = await measured(['--sysfs', tree.sysfs, '--methods', 'rapl'], ...BUSY);
    expect([...new Set(document.energy.map(({ source }) => source))]).toEqual(['rapl']);
    expect(document.energy[0]?.joules).toBeGreaterThan(0.05 * (document.energy[0]?.node_joules ?? 0));
    // What it was shared by is shown.
    expect(document.usage).toHaveLength(1);
  });

  it('keeps the share of idle apart where a model knows it, and says why it is unknown where none does', async () => {
    const tree = powercap();
    const document = await measured(['--sysfs', tree.sysfs], ...BUSY);
    expect(document.energy.find(({ source }) => source === 'tdp')?.idle_joules).toBeGreaterThan(0);
    expect(document.energy.find(({ source }) => source === 'rapl')?.idle_joules).toBeNull();
    expect(document.idle_unknown).toMatch(/--baseline 0/);
  });

  it('prints a table on stderr that names shares, provenance and carbon', async () => {
    const tree = powercap();
    const { stdout, stderr } = await wattloop([...FAST, '--sysfs', tree.sysfs, '--', 'echo', 'hello']);
    expect(stdout).toBe('hello\n');
    expect(stderr).toMatch(/METHOD +DOMAIN +MACHINE +OWN +SHARE +IDLE SHARE +PROVENANCE/);
    expect(stderr).toMatch(/rapl +package .* measured +5 % +\*/);
    expect(stderr).toMatch(/Carbon .* CO2e at 473 g CO2e\/kWh/);
  });

  it('says of a method that was asked for why it gives nothing', async () => {
    const { code, stderr } = await wattloop([...FAST, '--methods', 'battery', '--', 'true']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Energy +unknown: no source of energy works here/);
    expect(stderr).toMatch(/^battery: .+\. .+$/m);
  });

  it('is right about the memory of small and of large commands', async () => {
    const [small, large] = [
      await measured([], 'sh', '-c', 'sleep 0.05'),
      await measured([], process.execPath, '-e', 'Buffer.alloc(200 * 1024 * 1024, 1)'),
    ];
    expect(small.memory_peak_mib).toBeLessThan(6);
    expect(large.memory_peak_mib).toBeGreaterThan(200);
    expect(large.memory_peak_mib).toBeLessThan(400);
  });
});

describe('measure leaves the command as it is', () => {
  it('gives it stdin, stdout and stderr untouched', async () => {
    const folder = freshFolder();
    const input = join(folder, 'input');
    writeFileSync(input, 'a\nb\n'.repeat(50_000));
    const { code, stdout, stderr } = await wattloop([...FAST, '--', 'sh', '-c', 'cat; echo error >&2'], {
      stdio: [openSync(input, 'r'), 'pipe', 'pipe'],
    });
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(input, 'utf8'));
    expect(stderr).toMatch(/^error\n/);
  });

  it('sends its stdout to stderr with --json, and leaves both alone with --output', async () => {
    const cwd = freshFolder();
    const json = await wattloop([...FAST, '--json', '--', 'echo', 'hello']);
    expect(JSON.parse(json.stdout)).toMatchObject({ exit_code: 0 });
    expect(json.stderr).toBe('hello\n');
    const file = await wattloop([...FAST, '--output', 'energy.json', '--', 'echo', 'hello'], { cwd });
    expect(file).toMatchObject({ code: 0, stdout: 'hello\n', stderr: '' });
    expect(JSON.parse(readFileSync(join(cwd, 'energy.json'), 'utf8'))).toMatchObject({ exit_code: 0 });
    expect(readdirSync(cwd)).toEqual(['energy.json']);
  });

  it('gives it its arguments and all of the environment, names that no shell knows included', async () => {
    const env = { ...process.env, 'spring.datasource.url': 'jdbc:x y', 'A-B': '$(echo no)', PLAIN: 'yes' };
    const script = 'console.log(JSON.stringify([process.argv.slice(1), process.env]))';
    const args = ['a b', '', '$HOME', '"', '--json', '-x'];
    const { stdout } = await wattloop([...FAST, '--', process.execPath, '-e', script, '--', ...args], {
      env,
    });
    const [seen, environment] = JSON.parse(stdout) as [string[], Record<string, string>];
    expect(seen).toEqual(args);
    for (const name of ['spring.datasource.url', 'A-B', 'PLAIN', 'PATH'] as const)
      expect(environment[name]).toBe((env as Record<string, string>)[name]);
  });

  it('lets it end by SIGPIPE, and find its descriptors blocking', async () => {
    const { code, stdout } = await wattloop([...FAST, '--', 'sh', '-c', 'yes | head -2']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'y\ny\n' });
    const script = 'dd if=/dev/zero bs=1000000 count=3 2>/dev/null';
    const large = await wattloop([...FAST, '--repeat', '2', '--', 'sh', '-c', script]);
    expect(large.stdout).toHaveLength(6_000_000);
  });

  it.each([
    [['true'], 0],
    [['sh', '-c', 'exit 3'], 3],
    [['sh', '-c', 'kill -9 $$'], 137],
    [['sh', '-c', 'kill -TERM $$'], 143],
  ])('ends as %j does', async (command, code) => {
    expect(await wattloop([...FAST, '--', ...command])).toMatchObject({ code, signal: null });
    expect(await measured([], ...command)).toMatchObject({ exit_code: code });
  });

  it.each([
    ['no-such-program-at-all', 127, /command not found: no-such-program-at-all. Check the spelling/],
    ['/nowhere/program', 127, /command not found: \/nowhere\/program. Check the path/],
    ['', 127, /command not found: ""/],
    ['/etc/passwd', 126, /\/etc\/passwd is not executable. Give it the right: chmod \+x/],
    ['/tmp', 126, /\/tmp is a directory/],
  ])('refuses %j in one line with exit code %i', async (command, code, line) => {
    const outcome = await wattloop(['measure', '--json', '--', command, 'x']);
    expect(outcome).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(/^wattloop: [^\n]+\n$/),
    });
    expect(outcome.stderr).toMatch(line);
  });
});

describe('measure --repeat', () => {
  it('gives mean, deviation and interval, and each run', async () => {
    const tree = powercap();
    const document = await measured(['--sysfs', tree.sysfs, '--repeat', '3'], 'sleep', '0.02');
    expect(document.repeats).toHaveLength(3);
    const walls = document.repeats.map(({ wall_seconds }) => wall_seconds);
    const mean = walls.reduce((sum, wall) => sum + wall, 0) / 3;
    expect(document.wall_seconds).toBeCloseTo(mean, 9);
    const deviation = Math.sqrt(walls.reduce((sum, wall) => sum + (wall - mean) ** 2, 0) / 2);
    expect(document.statistics.wall_seconds).toEqual({
      count: 3,
      mean: document.wall_seconds,
      standard_deviation: expect.closeTo(deviation, 9),
      confidence_95: expect.closeTo((4.302652729696 * deviation) / Math.sqrt(3), 9),
    });
    expect(document.statistics.joules?.count).toBe(3);
  });

  it('goes on when a run fails, and ends with the code of the first that did', async () => {
    const file = join(freshFolder(), 'count');
    const script = `echo x >> ${file}; n=$(wc -l < ${file}); [ $n != 2 ] || exit 7; [ $n != 3 ] || exit 8`;
    const args = [...FAST, '--repeat', '4', '--', 'sh', '-c', script];
    const { code, stderr } = await wattloop(args);
    expect(code).toBe(7);
    expect(stderr).toMatch(/Exit +7, mean of 4 runs, 2 of 4 failed/);
    expect(readFileSync(file, 'utf8')).toBe('x\nx\nx\nx\n');
    // No progress where stderr is no terminal.
    expect(stderr).not.toContain('\r');
  });
});

describe('measure when it is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'passes %s on, reports what was measured up to then, and leaves nothing behind',
    async (signal, code) => {
      // The one in the foreground says it, as a shell that has not forked it yet would wait for it in spite of the signal.
      const script = `sleep 600 & sh -c 'echo pid $0; exec sleep 600' $!; echo not reached`;
      const running = new Running([...FAST, '--json', '--', 'sh', '-c', script]);
      const inner = Number(await running.shows(/pid (\d+)/));
      started.push(inner);
      process.kill(running.pid, signal);
      const outcome = await running.done;
      expect(outcome.code).toBe(code);
      const document = JSON.parse(outcome.stdout) as Document;
      expect(document).toMatchObject({ exit_code: code, signal, interrupted: true });
      expectSound(document);
      expect(outcome.stderr).toMatch(
        new RegExp(`^wattloop: interrupted by ${signal}: these are the figures`, 'm'),
      );
      await expect.poll(() => isAlive(inner)).toBe(false);
    },
  );

  it('ends in the same way when the whole group gets the signal, as from a terminal', async () => {
    const running = new Running([...FAST, '--', 'sh', '-c', 'sleep 600 & echo pid $!; wait'], {
      detached: true,
    });
    const inner = Number(await running.shows(/pid (\d+)/));
    started.push(inner);
    process.kill(-running.pid, 'SIGINT');
    const { code, stderr } = await running.done;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Exit +130 \(SIGINT\), interrupted/);
    await expect.poll(() => isAlive(inner)).toBe(false);
  });

  it('lets the command end in its own way', async () => {
    const script = `trap 'echo tidied up; exit 5' TERM; echo ready; while :; do sleep 0.05; done`;
    const running = new Running([...FAST, '--', 'sh', '-c', script]);
    await running.shows(/ready/);
    process.kill(running.pid, 'SIGTERM');
    expect(await running.done).toMatchObject({ code: 5, stdout: 'ready\ntidied up\n' });
  });

  it('stops repeating, and counts whole runs only', async () => {
    const file = join(freshFolder(), 'first');
    const script = `[ -e ${file} ] || { touch ${file}; exit 0; }; echo second; exec sleep 600`;
    const running = new Running([...FAST, '--json', '--repeat', '50', '--', 'sh', '-c', script]);
    await running.shows(/second/);
    process.kill(running.pid, 'SIGINT');
    const { code, stdout } = await running.done;
    const document = JSON.parse(stdout) as Document;
    expect(code).toBe(130);
    expect(document.repeats.map(({ exit_code }) => exit_code)).toEqual([0, 130]);
    expect(document.statistics.wall_seconds?.count).toBe(1);
    expect(document.wall_seconds).toBe(document.repeats[0]?.wall_seconds);
  });

  it('does not begin a command when it is interrupted before', async () => {
    const cwd = freshFolder();
    const args = ['measure', '--debug', '--baseline', '10m', '--sysfs', powercap().sysfs];
    const running = new Running([...args, '--', 'touch', 'it-ran'], { cwd });
    await running.shows(/watching the machine/);
    process.kill(running.pid, 'SIGINT');
    const { code, stderr } = await running.done;
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /^wattloop: interrupted by SIGINT before the command began. Nothing was measured$/m,
    );
    expect(existsSync(join(cwd, 'it-ran'))).toBe(false);
  });
});

describe('measure and processes that live on', () => {
  it.each([
    ['a child in the background', 'sleep 600 >/dev/null 2>&1 & echo pid $!'],
    [
      'a daemon in a session of its own',
      "setsid sh -c 'echo pid $$; exec sleep 600 >/dev/null 2>&1' & sleep 0.3",
    ],
  ])('reports %s and leaves it alone', async (_, script) => {
    const running = new Running([...FAST, '--json', '--', 'sh', '-c', script]);
    const pid = Number(await running.shows(/pid (\d+)/));
    started.push(pid);
    const { code, stdout } = await running.done;
    expect(code).toBe(0);
    const { outlived } = JSON.parse(stdout) as Document;
    expect(outlived).toEqual([{ pid, name: 'sleep' }]);
    expect(await isAlive(pid)).toBe(true);
  });
});

describe('measure and bad counters', () => {
  const blocks = ['sh', '-c', 'echo begun; sleep 0.4; echo ended'];

  it.each([
    ['garbage', (tree: PowercapTree) => writeFileSync(tree.energyFile(0), 'garbage\n')],
    ['an empty file', (tree: PowercapTree) => writeFileSync(tree.energyFile(0), '')],
    ['a jump forwards', (tree: PowercapTree) => tree.set(0, 200_000_000_000)],
    ['a jump backwards', (tree: PowercapTree) => tree.set(0, 3)],
  ])('bears %s in the middle', async (_, spoil) => {
    // The second zone goes on as before.
    const tree = powercap({ 'package-0': 40, dram: 8 });
    const running = new Running([...FAST, '--json', '--sysfs', tree.sysfs, '--', ...blocks]);
    await running.shows(/begun/);
    spoil(tree);
    const { code, stdout } = await running.done;
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Document;
    expectSound(document);
    const of = (domain: string) => document.energy.find((e) => e.source === 'rapl' && e.domain === domain);
    expect(of('dram')?.node_joules).toBeGreaterThan(0);
    // 40 W for less than ten seconds, however slow this machine is.
    expect(of('package')?.node_joules).toBeLessThan(400);
  });

  it('goes on without a zone that vanishes', async () => {
    const tree = powercap();
    const running = new Running([...FAST, '--json', '--sysfs', tree.sysfs, '--', ...blocks]);
    await running.shows(/begun/);
    tree.close();
    trees.splice(0);
    const { code, stdout } = await running.done;
    expect(code).toBe(0);
    expectSound(JSON.parse(stdout) as Document);
  });
});

describe('measure --output', () => {
  it('refuses a file that can not be written, before the command runs', async () => {
    const cwd = freshFolder();
    for (const path of ['no/such/folder/x.json', '.']) {
      const { code, stderr } = await wattloop([...FAST, '--output', path, '--', 'touch', 'it-ran'], { cwd });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^wattloop: could not write [^\n]+\n$/);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('shows the document on stderr when the device is full', async () => {
    const { code, stderr } = await wattloop([...FAST, '--output', '/dev/full', '--', 'true']);
    expect(code).toBe(1);
    const end = stderr.lastIndexOf('wattloop: ');
    expect(JSON.parse(stderr.slice(0, end))).toMatchObject({ exit_code: 0 });
    expect(stderr.slice(end)).toMatch(/^wattloop: could not write \/dev\/full: ENOSPC[^\n]*on stderr\n$/);
  });

  it('keeps the old result, and shows the new one on stderr, when the disk is full', async (context) => {
    const disk = freshFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', disk]).status === 0;
    if (!mounted) context.skip('a small disk can be mounted by root only');
    try {
      writeFileSync(join(disk, 'energy.json'), 'old'.repeat(1500));
      const { code, stderr } = await wattloop([...FAST, '--output', join(disk, 'energy.json'), '--', 'true']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/could not write .*energy\.json: ENOSPC/);
      expect(JSON.parse(stderr.slice(0, stderr.lastIndexOf('wattloop: ')))).toMatchObject({ exit_code: 0 });
      expect(readdirSync(disk)).toEqual(['energy.json']);
      expect(readFileSync(join(disk, 'energy.json'), 'utf8')).toBe('old'.repeat(1500));
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it("keeps the command's exit code when the file can not be written either", async () => {
    expect(await wattloop([...FAST, '--output', '/dev/full', '--', 'sh', '-c', 'exit 9'])).toMatchObject({
      code: 9,
    });
  });

  it('leaves an older result in place until the new one is whole, and no draft when the command is not found', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'old.json'), 'old');
    await wattloop([...FAST, '--output', 'old.json', '--', '/nowhere/program'], { cwd });
    expect(readFileSync(join(cwd, 'old.json'), 'utf8')).toBe('old');
    expect(readdirSync(cwd)).toEqual(['old.json']);
    await wattloop([...FAST, '--output', 'old.json', '--', 'true'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'old.json'), 'utf8'))).toMatchObject({ exit_code: 0 });
  });

  it('says on stdout being full that it is', async () => {
    const full = openSync('/dev/full', 'w');
    const args = [...FAST, '--json', '--', 'true'];
    const { code, stderr } = await wattloop(args, { stdio: ['ignore', full, 'pipe'] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/wattloop: could not write to stdout: ENOSPC/);
  });
});

describe.skipIf(process.geteuid?.() !== 0)('measure as an ordinary user (needs root to become one)', () => {
  it('measures what it may, and says what it may not', async () => {
    const tree = powercap();
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'open'), { mode: 0o777 });
    const { chmodSync } = await import('node:fs');
    chmodSync(cwd, 0o755);
    chmodSync(tree.energyFile(0), 0o400);
    chmodSync(tree.energyFile(1), 0o400);
    const args = [...FAST, '--json', '--sysfs', tree.sysfs, '--', ...BUSY];
    const { code, stdout, stderr } = await wattloop(args, {
      uid: 65_534,
      gid: 65_534,
      cwd: join(cwd, 'open'),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(stdout) as Document;
    expectSound(document);
    expect(document.cpu_seconds).toBeGreaterThan(0.01);
    expect(document.absent.find(({ name }) => name === 'rapl')).toMatchObject({
      reason: expect.stringMatching(/permission denied/),
      remedy: expect.stringMatching(/root|chmod/),
    });
  });
});
