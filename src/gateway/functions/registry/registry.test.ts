import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionSpec } from '../../../model/index.js';
import type { FunctionCode } from '../spec/description.js';
import { specOf } from '../spec/spec-of.js';
import { GatewayFolder } from '../testing/gateway-folder.js';
import { FunctionRegistry } from './registry.js';

let folder: GatewayFolder;
beforeEach(() => {
  folder = new GatewayFolder();
});
afterEach(() => folder.remove());

const open = () => FunctionRegistry.open(folder.host, folder.settings());
const spec = (name: string, code: FunctionCode, more: object = {}): FunctionSpec =>
  specOf({ name, code, ...more }, folder.settings().gateway.defaults);
const handlerSpec = (name: string, text: string): FunctionSpec =>
  spec(name, { kind: 'handler', handler: folder.write(`${name}.ts`, text) });
const builds = (name: string): string[] =>
  readdirSync(join(folder.data, 'gateway', 'builds', name)).filter((file) => file.endsWith('.mjs'));

const SAY = (word: string): string => `export default (): string => '${word}';\n`;

describe('FunctionRegistry', () => {
  it('bundles a handler with what it imports', async () => {
    folder.write('_word.ts', `export const word: string = 'hello';\n`);
    const registry = await open();
    const deployed = await registry.deploy(
      handlerSpec('hello', `import { word } from './_word.ts';\nexport default (): string => word;\n`),
    );
    const module = await import(pathToFileURL(deployed.module ?? '').href);
    expect(module.default()).toBe('hello');
    expect(registry.get('hello')).toBe(deployed);
  });

  it('keeps what was deployed over a restart', async () => {
    const registry = await open();
    const deployed = await registry.deploy(handlerSpec('hello', SAY('hello')));
    const image = await registry.deploy(
      spec('web', { kind: 'image', image: 'web:1' }, { limits: { memory: '128Mi', cpu: '500m' } }),
    );
    const after = await open();
    expect(after.list()).toEqual([deployed, image]);
    expect(after.originOf('hello')).toBe('api');
  });

  it('builds again what has lost its bundle', async () => {
    const registry = await open();
    const { module = '' } = await registry.deploy(handlerSpec('hello', SAY('hello')));
    rmSync(module);
    const after = await open();
    expect(existsSync(after.get('hello')?.module ?? '')).toBe(true);
  });

  it('serves the old version when the new one cannot be built, and says where and why', async () => {
    const registry = await open();
    const deployed = await registry.deploy(handlerSpec('hello', SAY('hello')));
    const broken = registry.deploy(handlerSpec('hello', `export default () => {\n  return 1 +;\n};\n`));
    await expect(broken).rejects.toMatchObject({
      code: 'bundle_failed',
      message: expect.stringMatching(/hello\.ts:2:13: Unexpected ";"/),
    });
    expect(registry.get('hello')).toBe(deployed);
    expect(existsSync(deployed.module ?? '')).toBe(true);
  });

  it('refuses a module that answers no calls', async () => {
    const registry = await open();
    await expect(registry.deploy(handlerSpec('hello', `export const x = 1;\n`))).rejects.toThrow(
      /hello\.ts:1:1: it exports no handler/,
    );
  });

  it('tells of a change once, with what was before', async () => {
    const registry = await open();
    const told: string[] = [];
    registry.onChange({
      deployed: (fn, before) => told.push(`${before?.version ?? 'none'} ${fn.version}`),
      removed: (fn) => told.push(`removed ${fn.version}`),
    });
    const first = await registry.deploy(handlerSpec('hello', SAY('hello')));
    await registry.deploy(handlerSpec('hello', SAY('hello')));
    const second = await registry.deploy(handlerSpec('hello', SAY('goodbye')));
    await registry.remove('hello');
    await registry.remove('hello');
    expect(told).toEqual([
      `none ${first.version}`,
      `${first.version} ${second.version}`,
      `removed ${second.version}`,
    ]);
  });

  it('goes on with the same version where only a comment changed', async () => {
    const registry = await open();
    const first = await registry.deploy(handlerSpec('hello', SAY('hello')));
    const again = await registry.deploy(handlerSpec('hello', `// A comment.\n${SAY('hello')}`));
    expect(again).toBe(first);
    expect(builds('hello')).toHaveLength(1);
    expect((await open()).get('hello')).toEqual(first);
  });

  it('keeps the bundle of an old version for as long as it is used, or a replica of it may be about to start', async () => {
    const settings = folder.settings({ defaults: { start_seconds: 0.05 } });
    const registry = await FunctionRegistry.open(folder.host, settings);
    const first = await registry.deploy(handlerSpec('hello', SAY('hello')));
    const release = registry.use(first);
    await registry.deploy(handlerSpec('hello', SAY('goodbye')));
    const third = await registry.deploy(handlerSpec('hello', SAY('again')));
    await expect.poll(() => builds('hello')).toHaveLength(2);
    expect(existsSync(first.module ?? '')).toBe(true);
    release();
    await expect.poll(() => builds('hello')).toEqual([basename(third.module ?? '')]);
  });

  it('removes at the next start what was left of old versions', async () => {
    const registry = await open();
    await registry.deploy(handlerSpec('hello', SAY('hello')));
    await registry.deploy(handlerSpec('hello', SAY('goodbye')));
    expect(builds('hello')).toHaveLength(2);
    await FunctionRegistry.open(folder.host, folder.settings({ functions: undefined }));
    expect(builds('hello')).toHaveLength(1);
  });

  it('leaves nothing of a function that was removed', async () => {
    const registry = await open();
    await registry.deploy(spec('hello', { kind: 'handler', handler: '' }), {
      source: { text: SAY('hello'), ending: '.ts' },
    });
    await registry.remove('hello');
    for (const kind of ['builds', 'sources', 'functions']) {
      expect(readdirSync(join(folder.data, 'gateway', kind))).toEqual([]);
    }
  });

  it('serves a handler that came as text', async () => {
    const registry = await open();
    const { module = '' } = await registry.deploy(spec('hello', { kind: 'handler', handler: '' }), {
      source: { text: SAY('text'), ending: '.ts' },
    });
    expect((await import(pathToFileURL(module).href)).default()).toBe('text');
  });

  it('tells versions apart by description and by program', async () => {
    const registry = await open();
    folder.write('greet.sh', '#!/bin/sh\necho 1\n', 0o755);
    const command = (more: object = {}) =>
      registry.deploy(
        spec('greet', { kind: 'process', command: ['./greet.sh'] }, { folder: folder.functions, ...more }),
      );
    const first = await command();
    const second = await command({ environment: { A: 'b' } });
    folder.write('greet.sh', '#!/bin/sh\necho 2\n', 0o755);
    const third = await command({ environment: { A: 'b' } });
    expect(new Set([first.version, second.version, third.version]).size).toBe(3);
  });

  it.each([
    ['a program that is not there', ['no-such-program'], {}, /function "x": command not found/],
    ['a secret that is not there', ['cat'], { secrets: ['key'] }, /there is no secret "key"/],
  ])('refuses %s', async (_, command, more, message) => {
    const registry = await open();
    await expect(registry.deploy(spec('x', { kind: 'process', command }, more))).rejects.toThrow(message);
    expect(registry.list()).toEqual([]);
  });

  it('serves the others when one record is damaged, and says so', async () => {
    const registry = await open();
    await registry.deploy(spec('one', { kind: 'process', command: ['cat'] }));
    await registry.deploy(spec('two', { kind: 'process', command: ['cat'] }));
    writeFileSync(join(folder.data, 'gateway', 'functions', 'one.json'), '{"format": 1,');
    const after = await open();
    expect(after.list().map((fn) => fn.spec.name)).toEqual(['two']);
    expect(after.problems().get('one')).toMatch(/one\.json can't be read/);
  });

  it('takes no more functions than are allowed', async () => {
    const registry = await FunctionRegistry.open(folder.host, folder.settings({ max_functions: 1 }));
    await registry.deploy(spec('one', { kind: 'process', command: ['cat'] }));
    await registry.deploy(spec('one', { kind: 'process', command: ['cat', '-'] }));
    const others = ['two', 'three'].map((name) =>
      registry.deploy(spec(name, { kind: 'process', command: ['cat'] })),
    );
    for (const other of others) await expect(other).rejects.toThrow(/one more than the 1 /);
    await registry.remove('one');
    const both = ['two', 'three'].map((name) =>
      registry.deploy(spec(name, { kind: 'process', command: ['cat'] })),
    );
    const ends = (await Promise.allSettled(both)).map(({ status }) => status);
    expect(ends.sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('serves the last of several versions that are deployed at once', async () => {
    const registry = await open();
    const versions = Array.from({ length: 20 }, (_, index) =>
      registry.deploy(spec('one', { kind: 'process', command: ['cat'] }, { environment: { N: `${index}` } })),
    );
    await Promise.all(versions);
    expect(registry.get('one')?.spec.environment).toEqual({ N: '19' });
    expect((await open()).get('one')?.spec.environment).toEqual({ N: '19' });
  });
});
