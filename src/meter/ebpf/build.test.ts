import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const hasClang = spawnSync('clang', ['--version']).status === 0;
const check = (
  folder: string,
  env = process.env,
): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(root, 'scripts/check-ebpf.js'), folder], { encoding: 'utf8', env });

describe('the compiled kernel programs', () => {
  const folders: string[] = [];
  const copy = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'wattloop-check-'));
    folders.push(folder);
    cpSync(join(root, 'ebpf'), folder, { recursive: true });
    return folder;
  };
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('match their sources by the recorded sums, without a compiler', () => {
    const { status, stdout } = check(join(root, 'ebpf'), { PATH: '/nonexistent' });
    expect(stdout).toContain('by the sums recorded');
    expect(status).toBe(0);
  });

  it.skipIf(!hasClang)('match their sources, compiled again (needs clang)', () => {
    const { status, stderr } = check(join(root, 'ebpf'));
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('are reported when a source has changed since', () => {
    const folder = copy();
    appendFileSync(join(folder, 'cpu-usage.bpf.c'), '/* changed */\n');
    const { status, stderr } = check(folder, { PATH: '/nonexistent' });
    expect(stderr).toMatch(/out of step.*cpu-usage\.bpf\.c.*npm run build:ebpf/);
    expect(status).toBe(1);
  });

  it('are reported when an object has changed since', () => {
    const folder = copy();
    appendFileSync(join(folder, 'cpu-states.bpf.o'), 'x');
    expect(check(folder).stderr).toContain('cpu-states.bpf.o');
  });
});
