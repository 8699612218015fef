import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createHost } from '../../base/index.js';
import { PrivateFolder } from './private-folder.js';

const place = mkdtempSync(join(tmpdir(), 'runtime-'));
const hostWith = (runtime: string) => createHost({ env: { XDG_RUNTIME_DIR: runtime } });

it("stands where the user's sockets belong, for this user alone, and goes with all that is in it", () => {
  const folder = new PrivateFolder(hostWith(place));
  expect(folder.path.startsWith(`${place}/wattloop-${process.pid}-`)).toBe(true);
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  const secrets = folder.keepSecrets(1, { key: 'value' });
  expect(readFileSync(join(secrets, 'key'), 'utf8')).toBe('value');
  expect(statSync(join(secrets, 'key')).mode & 0o777).toBe(0o600);
  folder.forget(1);
  expect(readdirSync(folder.path)).toEqual([]);
  folder.keepSecrets(2, { key: 'value' });
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

it('stands elsewhere where the path of a socket would be too long for the kernel, or nothing may be written', () => {
  const long = join(place, 'x'.repeat(90));
  mkdirSync(long);
  for (const runtime of [long, join(place, 'absent')]) {
    const folder = new PrivateFolder(hostWith(runtime));
    expect(folder.path.startsWith(runtime)).toBe(false);
    expect(folder.socketPath(2 ** 32 - 1).length).toBeLessThanOrEqual(107);
    folder.remove();
  }
});

it('removes what processes left that are gone, and nothing of those that live', () => {
  const folder = new PrivateFolder(hostWith(place));
  const [, namespace = ''] = /-(\d+)-\w{6}$/.exec(folder.path) ?? [];
  // No process has a number this high.
  const dead = join(place, `wattloop-999999999-${namespace}-abcdef`);
  const foreign = join(place, 'wattloop-999999999-1-abcdef');
  for (const path of [dead, foreign]) mkdirSync(path);
  new PrivateFolder(hostWith(place)).remove();
  expect([dead, foreign, folder.path].map((path) => existsSync(path))).toEqual([false, true, true]);
  folder.remove();
});
