import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build, type Plugin } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

/** All that the account imports, in one script that puts the room's exports into `footprint`. */
let script = '';
const builtins: string[] = [];

/** Vite would put empty stand-ins for the modules of Node.js. */
const noteBuiltins: Plugin = {
  name: 'note-builtins',
  enforce: 'pre',
  resolveId(source, importer) {
    if (isBuiltin(source)) builtins.push(`${importer} imports ${source}`);
  },
};

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [noteBuiltins],
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'index.ts'), formats: ['iife'], name: 'footprint' },
      // Also what is imported for nothing: without a bundler, it is loaded as well.
      rollupOptions: { treeshake: false },
    },
  });
  const [output] = Array.isArray(result) ? result : [];
  script = output?.output[0].code ?? '';
}, 60_000);

/** A context that has the language and nothing else: no process, no console, no timers, and neither clock nor chance. */
function bareContext() {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  runInContext(
    `delete globalThis.console;
     Math.random = () => { throw new Error('chance was asked'); };
     Date = class { constructor() { throw new Error('the clock was asked'); } static now() { throw new Error('the clock was asked'); } };`,
    context,
  );
  return context;
}

describe('the account', () => {
  it('imports nothing of Node.js, not even by what it imports', () => {
    expect(script).not.toBe('');
    expect(builtins).toEqual([]);
  });

  it('loads and works where there is neither Node.js nor clock nor chance', () => {
    const context = bareContext();
    runInContext(script, context);
    const worked: unknown = runInContext(
      `const t = Float64Array.from({ length: 100 }, (_, i) => i);
       const { counts } = footprint.cleanPower(t, t.map((at) => (at === 50 ? 0 : 90 + (at % 7))));
       const tracker = new footprint.CpuModelTracker();
       for (let i = 1; i < 100; i++) {
         const cpuSeconds = (i * 7) % 5;
         const counters = { cpuSeconds, cycles: NaN, referenceCycles: NaN, instructions: NaN, llcMisses: NaN };
         tracker.observe({ t: i, seconds: 1, counters, watts: 5 + 3 * cpuSeconds });
       }
       JSON.stringify({ zeros: counts.zero, idle: Math.round(tracker.model.idleWatts), error: tracker.reason });`,
      context,
    );
    expect(worked).toBe('{"zeros":1,"idle":5}');
  });

  it('is tried where there is indeed none of that', () => {
    const context = bareContext();
    expect(() => runInContext('Math.random()', context)).toThrow('chance was asked');
    expect(() => runInContext('new Date()', context)).toThrow('the clock was asked');
    expect(runInContext('typeof process + typeof require + typeof console', context)).toBe(
      'undefinedundefinedundefined',
    );
  });
});
