import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FunctionRegistry } from '../registry/registry.js';
import { GatewayFolder } from '../testing/gateway-folder.js';
import { watchFunctions } from './watch-functions.js';

const COUNT = 1_000;

let folder: GatewayFolder;
beforeEach(() => {
  folder = new GatewayFolder();
});
afterEach(() => folder.remove());

async function serve(): Promise<{ names: string[]; modules: (string | undefined)[]; seconds: number }> {
  const { host } = folder;
  const startedAt = performance.now();
  const registry = await FunctionRegistry.open(host, folder.settings());
  const watch = await watchFunctions(registry, folder.functions, { host, settings: folder.settings() });
  const seconds = (performance.now() - startedAt) / 1e3;
  await watch.close();
  const all = registry.list();
  return { names: all.map(({ spec }) => spec.name), modules: all.map(({ module }) => module), seconds };
}

describe('1,000 functions', () => {
  it('are built once, and taken as they are ever after', async () => {
    for (let index = 0; index < COUNT; index++) {
      folder.write(`fn-${index}.ts`, `export default (): number => ${index};\n`);
    }
    const first = await serve();
    expect(first.names).toHaveLength(COUNT);
    expect(new Set(first.modules).size).toBe(COUNT);
    const second = await serve();
    expect(second.modules).toEqual(first.modules);
  }, 120_000);
});
