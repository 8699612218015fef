import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SOURCE_NAMES } from '../src/model/index.js';
import { PowercapTree } from './support/powercap-tree.js';
import { NO_TERMINAL, Terminal } from './support/terminal.js';
import { freshFolder, MAIN, wattloop } from './support/wattloop.js';

interface Source {
  name: string;
  usable: boolean;
  domains: string[];
  provenance: string;
  reason: string | null;
  remedy: string | null;
}

interface Document {
  cpu: Record<'model' | 'architecture', string> &
    Record<'cores_physical' | 'cores_logical' | 'tdp_watts', number>;
  virtualization: string;
  cgroup: string | null;
  kernel: Record<string, unknown>;
  sources: Source[];
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});
function powercap(): PowercapTree {
  const tree = new PowercapTree();
  cleanups.push(() => tree.close());
  return tree;
}

async function examined(...args: string[]): Promise<Document> {
  const { code, stdout } = await wattloop(['doctor', '--json', ...args]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Document;
}

const find = (document: Document, name: string): Source | undefined =>
  document.sources.find((source) => source.name === name);

describe('doctor', () => {
  it('names every source once, in order, and for each that does not work why and what would enable it', async () => {
    const { sources } = await examined();
    expect(sources.map(({ name }) => name)).toEqual(SOURCE_NAMES);
    for (const { name, usable, reason, remedy, provenance } of sources) {
      expect(['measured', 'modelled', 'estimated'], name).toContain(provenance);
      expect(usable || (reason !== null && reason.length > 10), name).toBe(true);
      expect(usable || (remedy !== null && remedy.length > 10), name).toBe(true);
    }
    expect(find({ sources } as Document, 'proc')).toMatchObject({ usable: true });
    expect(find({ sources } as Document, 'tdp')).toMatchObject({ usable: true, provenance: 'estimated' });
  });

  it('describes the machine', async () => {
    const { cpu, virtualization, kernel } = await examined();
    expect(cpu.architecture).toBe(process.arch);
    expect(cpu.cores_logical).toBeGreaterThanOrEqual(cpu.cores_physical);
    expect(cpu.cores_physical).toBeGreaterThan(0);
    expect(virtualization).toMatch(/^[a-z]/);
    expect(kernel).toMatchObject({ release: expect.any(String), btf: expect.any(Boolean) });
  });

  it('finds RAPL where there is one', async () => {
    expect(find(await examined('--sysfs', powercap().sysfs), 'rapl')).toEqual(
      expect.objectContaining({
        usable: true,
        domains: ['package', 'dram'],
        provenance: 'measured',
        remedy: null,
      }),
    );
  });

  it('lists every source for people, with remedies, in lines that fit', async () => {
    const { code, stdout, stderr } = await wattloop(['doctor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    for (const name of SOURCE_NAMES)
      expect(
        lines.some((line) => new RegExp(`^${name} +(yes|no) `).test(line)),
        name,
      ).toBe(true);
    for (const title of ['Processor', 'Cores', 'TDP', 'Virtualisation', 'Cgroups', 'Kernel'])
      expect(stdout).toMatch(new RegExp(`^${title} `, 'm'));
    const table = lines.slice(lines.findIndex((line) => line.startsWith('SOURCE')));
    for (const line of table) expect(line.length).toBeLessThanOrEqual(110);
  });

  it('works where there is neither sysfs nor procfs to speak of', async () => {
    const [sysfs, procfs] = [freshFolder(), freshFolder()];
    mkdirSync(join(sysfs, 'class'));
    mkdirSync(join(procfs, 'sys'));
    const document = await examined('--sysfs', sysfs, '--procfs', procfs);
    expect(document.sources).toHaveLength(SOURCE_NAMES.length);
    for (const name of ['rapl', 'proc', 'cgroup', 'hwmon', 'battery'])
      expect(find(document, name)).toMatchObject({ usable: false });
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'tells an ordinary user which right is missing (needs root to become one)',
    async () => {
      const tree = powercap();
      for (const zone of [0, 1]) chmodSync(tree.energyFile(zone), 0o400);
      const cwd = freshFolder();
      chmodSync(cwd, 0o755);
      const { code, stdout, stderr } = await wattloop(['doctor', '--json', '--sysfs', tree.sysfs], {
        uid: 65_534,
        gid: 65_534,
        cwd,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const document = JSON.parse(stdout) as Document;
      expect(find(document, 'rapl')).toMatchObject({
        usable: false,
        reason: expect.stringMatching(/permission denied/),
        remedy: expect.stringMatching(/sudo chmod/),
      });
      expect(find(document, 'proc')).toMatchObject({ usable: true });
      expect(find(document, 'ebpf')).toMatchObject({ usable: false });
    },
  );

  it.skipIf(NO_TERMINAL)(
    `fits a terminal of 80 columns (needs ${NO_TERMINAL ?? 'nothing more'})`,
    async () => {
      const terminal = new Terminal({ height: 100 });
      cleanups.push(() => terminal.close());
      await terminal.run('sh', '-c', `"${process.execPath}" "${MAIN}" doctor; echo end`);
      const lines = await terminal.shows(/^end$/m);
      const start = lines.findIndex((line) => line.startsWith('SOURCE'));
      // A line that the terminal had to wrap would go on at its left edge.
      for (const line of lines.slice(start + 1, lines.indexOf('end')))
        expect(line).toMatch(/^([a-z-]+ +(yes|no)| {17}\S)/);
    },
  );
});
