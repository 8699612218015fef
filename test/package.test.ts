import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** The package as npm would publish it, unpacked into a project that depends on it. */
let project = '';
let installed = '';

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'wattloop-package-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', project], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [archive = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
  mkdirSync(join(project, 'node_modules'));
  execFileSync('tar', ['-xzf', join(project, archive), '-C', join(project, 'node_modules')]);
  installed = join(project, 'node_modules', 'wattloop');
  execFileSync('mv', [join(project, 'node_modules', 'package'), installed]);
  // Its dependencies stand where npm would put them; development tools among them are never imported.
  symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the published package', () => {
  it('runs from where it is installed and finds its kernel programs', () => {
    const output = execFileSync(
      process.execPath,
      [join(installed, 'dist', 'cli', 'main.js'), 'doctor', '--json'],
      { cwd: project, encoding: 'utf8' },
    );
    const { sources } = JSON.parse(output) as { sources: { name: string; reason: string | null }[] };
    expect(sources).toHaveLength(16);
    expect(sources.find(({ name }) => name === 'ebpf')?.reason).not.toMatch(/\.bpf\.o/);
    expect(
      readdirSync(join(installed, 'ebpf')).filter((name) => name.endsWith('.bpf.o')).length,
    ).toBeGreaterThan(0);
  });

  it('opens every room that it names', () => {
    const script = `
      import { readFileSync } from 'node:fs';
      const { exports } = JSON.parse(readFileSync('node_modules/wattloop/package.json', 'utf8'));
      const doors = Object.keys(exports).filter((door) => door !== './package.json');
      for (const door of doors) {
        const room = await import('wattloop' + door.slice(1));
        if (Object.keys(room).length === 0) throw new Error(door + ' is empty');
      }
      console.log(doors.length);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(Number(output)).toBeGreaterThanOrEqual(6);
  });

  it('carries no tests, fixtures or settings of the repository', () => {
    const files = execFileSync(
      'find',
      [installed, '-type', 'f', '-not', '-path', '*/node_modules/wattloop/node_modules/*'],
      { encoding: 'utf8' },
    );
    expect(files).not.toMatch(/\.test\.|\/testing\/|\/bench\/|vitest|biome/);
  });
});
