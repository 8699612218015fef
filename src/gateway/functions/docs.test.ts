import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FunctionRegistry } from './registry/registry.js';
import { GatewayFolder } from './testing/gateway-folder.js';
import { watchFunctions } from './watch/watch-functions.js';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'functions-stack.md');

it('serves the examples of the documentation as it says', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const folder = new GatewayFolder();
  try {
    // The first line of an example that is a comment names its file.
    for (const [, code = ''] of page.matchAll(/```(?:yaml|js|sh)\n([\s\S]*?)```/g)) {
      const [, name = ''] = /^(?:#|\/\/) (\S+\.\w+)$/m.exec(code) ?? [];
      folder.write(name, code, name.endsWith('.sh') ? 0o755 : 0o644);
    }
    const told = Array.from(
      page.matchAll(/^\| ([a-z]+) \| (handler|command|http|image) \|$/gm),
      ([, name, kind]) => [name, kind],
    );
    const registry = await FunctionRegistry.open(folder.host, folder.settings());
    const watch = await watchFunctions(registry, folder.functions, {
      host: folder.host,
      settings: folder.settings(),
    });
    await watch.close();
    expect([...registry.problems()]).toEqual([]);
    expect(registry.list().map(({ spec }) => [spec.name, spec.kind])).toEqual(told.sort());
    expect(told).toHaveLength(6);
  } finally {
    folder.remove();
  }
});
