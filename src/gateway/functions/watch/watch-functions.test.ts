import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost, createLogger } from '../../../base/index.js';
import type { DeployedFunction } from '../../../model/index.js';
import { FunctionRegistry } from '../registry/registry.js';
import { specOf } from '../spec/spec-of.js';
import { GatewayFolder } from '../testing/gateway-folder.js';
import { type FunctionWatch, type WatchOptions, watchFunctions } from './watch-functions.js';

let folder: GatewayFolder;
let registry: FunctionRegistry;
let watch: FunctionWatch | undefined;
let lines: string[];
beforeEach(() => {
  folder = new GatewayFolder();
  lines = [];
});
afterEach(async () => {
  await watch?.close();
  watch = undefined;
  folder.remove();
});

const SAY = (word: string): string => `export default (): string => '${word}';\n`;
const TIMES = { quietSeconds: 0.02, longestSeconds: 0.2, againSeconds: 0.1 };

async function start(options: Partial<WatchOptions> = {}, path = folder.functions): Promise<void> {
  const host = createHost({ log: createLogger('info', (line) => lines.push(line)) });
  registry = await FunctionRegistry.open(host, folder.settings());
  watch = await watchFunctions(registry, path, {
    host,
    settings: folder.settings(),
    times: TIMES,
    ...options,
  });
}

/** Resolves when a version of a function is served for which this holds. */
function served(
  name: string,
  holds: (fn: DeployedFunction) => boolean | Promise<boolean>,
): Promise<DeployedFunction> {
  return new Promise((resolve) => {
    const check = async (): Promise<void> => {
      const fn = registry.get(name);
      if (fn === undefined) return;
      // Its files stay while they are looked at.
      const release = registry.use(fn);
      if (await holds(fn)) {
        stop();
        resolve(fn);
      }
      release();
    };
    const stop = registry.onChange({ deployed: () => void check() });
    void check();
  });
}

function removed(name: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = registry.onChange({
      removed: ({ spec }) => {
        if (spec.name !== name) return;
        stop();
        resolve();
      },
    });
  });
}

const says = async ({ module = '' }: DeployedFunction): Promise<unknown> =>
  (await import(pathToFileURL(module).href)).default();
const saying =
  (word: string) =>
  async (fn: DeployedFunction): Promise<boolean> =>
    (await says(fn)) === word;

describe('watchFunctions', () => {
  it('follows what is added, changed and removed', async () => {
    folder.write('one.ts', SAY('one'));
    await start();
    expect(await says(await served('one', () => true))).toBe('one');
    folder.write('two/handler.js', `module.exports = () => 'two';\n`);
    await served('two', saying('two'));
    folder.write('one.ts', SAY('changed'));
    await served('one', saying('changed'));
    folder.write('two/handler.js', `module.exports = () => 'other';\n`);
    await served('two', saying('other'));
    const gone = removed('one');
    rmSync(join(folder.functions, 'one.ts'));
    await gone;
    expect(registry.list().map(({ spec }) => spec.name)).toEqual(['two']);
  });

  it('deploys again when a module changes that several share', async () => {
    folder.write('_shared/word.ts', `export const word = 'a';\n`);
    for (const name of ['one', 'two']) {
      folder.write(
        `${name}.ts`,
        `import { word } from './_shared/word.ts';\nexport default () => '${name} ' + word;\n`,
      );
    }
    await start();
    folder.write('_shared/word.ts', `export const word = 'b';\n`);
    await Promise.all([served('one', saying('one b')), served('two', saying('two b'))]);
  });

  it('keeps the old version while a file is broken, and says so once', async () => {
    folder.write('one.ts', SAY('one'));
    await start();
    const before = registry.get('one');
    folder.write('one.ts', 'export default () => {');
    await expect.poll(() => registry.problems().get('one')).toMatch(/one\.ts:1:\d+: Unexpected end of file/);
    await watch?.look();
    await watch?.look();
    expect(registry.get('one')).toBe(before);
    expect(lines.filter((line) => line.includes('Unexpected end of file'))).toHaveLength(1);
    folder.write('one.ts', SAY('mended'));
    await served('one', saying('mended'));
    await expect.poll(() => registry.problems().size).toBe(0);
  });

  it('serves the last good version after a restart with a broken file', async () => {
    folder.write('one.ts', SAY('one'));
    await start();
    const before = registry.get('one');
    await watch?.close();
    folder.write('one.ts', 'export default () => {');
    await start();
    expect(registry.get('one')).toEqual(before);
    expect(registry.problems().get('one')).toMatch(/one\.ts:1:/);
  });

  it('builds nothing anew after a restart in which nothing changed', async () => {
    folder.write('one.ts', SAY('one'));
    await start();
    const before = registry.get('one');
    await watch?.close();
    await start();
    expect(registry.get('one')).toEqual(before);
  });

  it('forgets after a restart what was removed meanwhile', async () => {
    folder.write('one.ts', SAY('one'));
    await start();
    await watch?.close();
    rmSync(join(folder.functions, 'one.ts'));
    await start();
    expect(registry.list()).toEqual([]);
  });

  it('tries again what was broken by something else', async () => {
    folder.write('one.ts', `import { word } from '../elsewhere/word.ts';\nexport default () => word;\n`);
    await start();
    expect(registry.get('one')).toBeUndefined();
    mkdirSync(join(folder.root, 'elsewhere'));
    writeFileSync(join(folder.root, 'elsewhere', 'word.ts'), `export const word = 'found';\n`);
    await served('one', saying('found'));
  });

  it('refuses names and links that lead out of the folder', async () => {
    writeFileSync(join(folder.root, 'outside.ts'), SAY('outside'));
    symlinkSync(join(folder.root, 'outside.ts'), join(folder.functions, 'linked.ts'));
    folder.write('inside/index.ts', SAY('inside'));
    symlinkSync('inside', join(folder.functions, 'also'));
    folder.write('climber/function.yml', 'handler: ../../outside.ts\n');
    await start();
    expect(registry.list().map(({ spec }) => spec.name)).toEqual(['also', 'inside']);
    expect(registry.problems().get('linked')).toMatch(/"linked\.ts" is a link out of/);
    expect(registry.problems().get('climber')).toMatch(/function\.yml:1:1: handler: .*leads out of/);
  });

  it('looks again and again where folders cannot be watched', async () => {
    folder.write('one.ts', SAY('one'));
    await start({
      watchFolder: () => {
        throw new Error('ENOSPC: no more watches');
      },
    });
    expect(lines.filter((line) => line.includes('cannot be watched'))).toHaveLength(1);
    folder.write('one.ts', SAY('polled'));
    await served('one', saying('polled'));
  });

  it('follows a folder that was replaced by another of its name', async () => {
    folder.write('one.ts', SAY('one'));
    await start();
    renameSync(folder.functions, join(folder.root, 'old'));
    folder.write('one.ts', SAY('replaced'));
    await served('one', saying('replaced'));
    folder.write('one.ts', SAY('again'));
    await served('one', saying('again'));
  });

  it('leaves to callers what they deployed, and takes its place when that is removed', async () => {
    folder.write('one.ts', SAY('file'));
    await start();
    const { defaults } = folder.settings().gateway;
    const spec = specOf({ name: 'one', code: { kind: 'process', command: ['cat'] } }, defaults);
    const deployed = await registry.deploy(spec);
    folder.write('one.ts', SAY('changed'));
    await expect.poll(() => registry.problems().get('one')).toMatch(/deployed over \/system\/functions/);
    expect(registry.get('one')).toBe(deployed);
    await registry.remove('one');
    await served('one', async (fn) => fn.spec.kind === 'handler' && saying('changed')(fn));
  });

  it('leaves away what a caller removed until its files change', async () => {
    folder.write('one.ts', SAY('one'));
    folder.write('two.ts', SAY('two'));
    await start();
    await registry.remove('one');
    folder.write('two.ts', SAY('changed'));
    await served('two', saying('changed'));
    await watch?.look();
    expect(registry.get('one')).toBeUndefined();
    folder.write('one.ts', SAY('back'));
    await served('one', saying('back'));
  });

  it('finds what is written into a new folder at once', async () => {
    await start();
    for (let index = 0; index < 20; index++) {
      mkdirSync(join(folder.functions, `fn-${index}`));
      // The folder was seen by then, or not.
      await new Promise((resolve) => setTimeout(resolve, index * 3));
      folder.write(`fn-${index}/handler.ts`, SAY(`${index}`));
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => served(`fn-${index}`, saying(`${index}`))));
  });

  it('follows a stack.yml that was named', async () => {
    const stack = folder.write('my-stack.yml', 'functions:\n  one:\n    fprocess: cat\n');
    folder.write('other.ts', SAY('other'));
    await start({}, stack);
    expect(registry.list().map(({ spec }) => spec.name)).toEqual(['one']);
    folder.write('my-stack.yml', 'functions:\n  two:\n    fprocess: cat -\n');
    await served('two', () => true);
    expect(registry.get('one')).toBeUndefined();
    folder.write('my-stack.yml', 'functions:\n  two: [\n');
    await expect.poll(() => [...registry.problems().values()].join()).toMatch(/my-stack\.yml:\d+:\d+/);
    expect(registry.get('two')).toBeDefined();
  });

  it.each(['nowhere', 'nowhere.yml'])('refuses to start with %s, which is not there', async (name) => {
    await expect(start({}, join(folder.functions, name))).rejects.toThrow(/can't be read/);
  });
});
