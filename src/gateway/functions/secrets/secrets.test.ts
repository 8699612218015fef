import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayFolder } from '../testing/gateway-folder.js';
import { Secrets } from './secrets.js';

let folder: GatewayFolder;
beforeEach(() => {
  folder = new GatewayFolder();
});
afterEach(() => folder.remove());

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('Secrets', () => {
  it('keeps what it is given for itself alone', async () => {
    const secrets = Secrets.open(folder.settings());
    await secrets.put('key', 'hush\n');
    await secrets.put('API_KEY.2', Buffer.from('more'));
    expect(modeOf(secrets.folder)).toBe(0o700);
    expect(modeOf(join(secrets.folder, 'key'))).toBe(0o600);
    expect(Secrets.open(folder.settings()).list()).toEqual(['API_KEY.2', 'key']);
    expect(secrets.read(['key', 'API_KEY.2'])).toEqual({ key: 'hush\n', 'API_KEY.2': 'more' });
    await secrets.put('key', 'new');
    expect(secrets.read(['key'])).toEqual({ key: 'new' });
  });

  it('closes a folder of its own that stood open', () => {
    const path = join(folder.data, 'gateway', 'secrets');
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o755);
    Secrets.open(folder.settings());
    expect(modeOf(path)).toBe(0o700);
  });

  it('takes nothing for a secret that was not written whole', () => {
    const { folder: path } = Secrets.open(folder.settings());
    const left = join(path, '.key.8c6d3a5e.unfinished');
    writeFileSync(left, 'half');
    expect(Secrets.open(folder.settings()).list()).toEqual([]);
    expect(existsSync(left)).toBe(false);
  });

  it('reads the folder that the settings name', () => {
    const path = join(folder.root, 'run-secrets');
    mkdirSync(path);
    writeFileSync(join(path, 'key'), 'x');
    expect(Secrets.open(folder.settings({ secrets: path })).read(['key'])).toEqual({ key: 'x' });
  });

  it('says what would mend that one is missing', () => {
    const secrets = Secrets.open(folder.settings());
    expect(() => secrets.check(['key'])).toThrow(
      expect.objectContaining({
        code: 'bad_input',
        message: 'there is no secret "key"',
        remedy: `Write it to ${join(secrets.folder, 'key')}, or POST it to /system/secrets`,
      }),
    );
    expect(() => secrets.read(['key'])).toThrow(/there is no secret "key"/);
  });

  it('removes', async () => {
    const secrets = Secrets.open(folder.settings());
    await secrets.put('key', 'x');
    expect(await secrets.remove('key')).toBe(true);
    expect(await secrets.remove('key')).toBe(false);
    expect(secrets.list()).toEqual([]);
  });

  it.each(['', '..', '../key', 'a/b', '.hidden', 'a..b', 'a\0', 'x'.repeat(300)])(
    'takes %j for no name',
    async (name) => {
      const secrets = Secrets.open(folder.settings());
      await expect(secrets.put(name, 'x')).rejects.toThrow(/is no name of a secret/);
      await expect(secrets.remove(name)).rejects.toThrow(/is no name of a secret/);
      expect(() => secrets.read([name])).toThrow(/is no name of a secret/);
      expect(secrets.has(name)).toBe(false);
    },
  );

  it('names nothing that is no file, and keeps nothing too large', async () => {
    const secrets = Secrets.open(folder.settings());
    mkdirSync(join(secrets.folder, 'folder'));
    symlinkSync('nowhere', join(secrets.folder, 'dangling'));
    expect(secrets.list()).toEqual([]);
    await expect(secrets.put('large', Buffer.alloc(2 ** 20 + 1))).rejects.toThrow(/1048577 bytes/);
  });
});
