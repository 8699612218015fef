import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Description } from '../described.js';
import { GatewayFolder } from '../testing/gateway-folder.js';
import { scanFolder } from './scan-folder.js';

let folder: GatewayFolder;
beforeEach(() => {
  folder = new GatewayFolder();
});
afterEach(() => folder.remove());

const HANDLER = 'export default () => 1;\n';
const scan = (): Description =>
  scanFolder(folder.functions, { defaults: folder.settings().gateway.defaults, env: { WHO: 'me' } });
const found = (): Record<string, unknown> =>
  Object.fromEntries(
    scan().functions.map(({ name, spec, problem }) => [
      name,
      problem?.line ?? spec?.command?.join(' ') ?? spec?.handler ?? spec?.image,
    ]),
  );
const at = (...names: string[]): string => join(folder.functions, ...names);

describe('scanFolder', () => {
  it('takes modules, programs and folders of them for functions', () => {
    folder.write('one.ts', HANDLER);
    folder.write('two.mjs', HANDLER);
    folder.write('three.cjs', HANDLER);
    folder.write('four/handler.ts', HANDLER);
    folder.write('five/index.js', HANDLER);
    folder.write('six/package.json', '{"main": "src/start"}');
    folder.write('six/src/start.ts', HANDLER);
    folder.write('seven', '#!/bin/sh\n', 0o755);
    folder.write('eight.py', '#!/usr/bin/env python3\n', 0o755);
    folder.write('nine/nine.sh', '#!/bin/sh\n', 0o755);
    folder.write('ten/run', '#!/bin/sh\n', 0o755);
    expect(found()).toEqual({
      one: at('one.ts'),
      two: at('two.mjs'),
      three: at('three.cjs'),
      four: at('four/handler.ts'),
      five: at('five/index.js'),
      six: at('six/src/start.ts'),
      seven: at('seven'),
      eight: at('eight.py'),
      nine: at('nine/nine.sh'),
      ten: at('ten/run'),
    });
  });

  it('passes over what is no function', () => {
    for (const name of [
      'README.md',
      'data.json',
      'notes',
      'types.d.ts',
      'one.test.ts',
      '_shared.ts',
      '.env',
    ]) {
      folder.write(name, HANDLER);
    }
    folder.write('_lib/index.ts', HANDLER);
    folder.write('.git/handler.ts', HANDLER);
    folder.write('node_modules/x/index.js', HANDLER);
    folder.write('pictures/cat.png', '');
    folder.write('settings.yml', 'a: b');
    expect(found()).toEqual({});
  });

  it('takes options from a function.yml, or from a YAML file beside a module', () => {
    folder.write('one/handler.ts', HANDLER);
    folder.write('one/function.yml', 'environment:\n  exec_timeout: 5s\n  WHO: #{WHO}\n'.replace('#', '$'));
    folder.write('two.ts', HANDLER);
    folder.write('two.yml', 'labels:\n  com.openfaas.scale.min: 2\n');
    folder.write('three/function.yaml', 'fprocess: node server.js\nenvironment:\n  mode: http\n');
    folder.write('four/function.yml', 'image: four:1\n');
    folder.write('five/function.yml', 'handler: main.ts\n');
    folder.write('five/main.ts', HANDLER);
    folder.write('six/function.yml', '');
    folder.write('six/index.ts', HANDLER);
    const specs = Object.fromEntries(scan().functions.map(({ name, spec }) => [name, spec]));
    expect(specs).toMatchObject({
      one: { timeoutSeconds: 5, environment: { WHO: 'me' }, handler: at('one/handler.ts') },
      two: { scale: { minReplicas: 2 }, handler: at('two.ts') },
      three: { kind: 'http', command: ['node', 'server.js'], folder: at('three') },
      four: { kind: 'image', image: 'four:1' },
      five: { handler: at('five/main.ts') },
      six: { handler: at('six/index.ts') },
    });
  });

  it('names file and line of what is wrong, and finds the others', () => {
    folder.write('good.ts', HANDLER);
    folder.write('ml_train.ts', HANDLER);
    folder.write('one/handler.ts', HANDLER);
    folder.write('one/function.yml', 'limits:\n  memory: lots\n');
    folder.write('two/function.yml', 'environment:\n  A: [\n');
    folder.write('three/function.yml', 'labels: {}\n');
    expect(found()).toEqual({
      good: at('good.ts'),
      ml_train: expect.stringMatching(/ml_train\.ts: "ml_train" is no name.*Name it "ml-train"/),
      one: expect.stringMatching(/one\/function\.yml:2:3: limits\.memory: must be memory/),
      two: expect.stringMatching(/two\/function\.yml:\d:\d+: /),
      three: expect.stringMatching(/three\/function\.yml:1:1: has nothing that it could run/),
    });
  });

  it('says when two are of one name, and keeps the first', () => {
    folder.write('one.ts', HANDLER);
    folder.write('one/index.ts', HANDLER);
    const { functions, problems } = scan();
    expect(functions.map(({ spec }) => spec?.handler)).toEqual([at('one/index.ts')]);
    expect([...problems.values()].map(({ line }) => line)).toEqual([
      expect.stringMatching(/one\.ts: function "one" is .*one already\. Rename/),
    ]);
  });

  it('lets a stack.yml say how what stands beside it is meant', () => {
    folder.write('resize/handler.ts', HANDLER);
    folder.write('one.ts', HANDLER);
    folder.write(
      'stack.yml',
      'functions:\n  pictures:\n    lang: node20\n    handler: ./resize\n  one:\n    lang: typescript\n    handler: one.ts\n    environment: {A: b}\n',
    );
    const { functions } = scan();
    expect(functions.map(({ name }) => name)).toEqual(['pictures', 'one']);
    expect(functions[1]?.spec?.environment).toEqual({ A: 'b' });
  });

  it('serves what else there is when its stack.yml is none', () => {
    folder.write('one.ts', HANDLER);
    folder.write('stack.yml', 'functions: [\n');
    const { functions, problems } = scan();
    expect(functions.map(({ name }) => name)).toEqual(['one']);
    expect([...problems.values()].map(({ line }) => line)).toEqual([
      expect.stringMatching(/stack\.yml:\d:\d+: /),
    ]);
  });

  it.each(['linked.ts', 'linked', 'stack.yml', 'inner/function.yml', 'inner/index.ts'])(
    'refuses %s where it is a link out of the folder',
    (name) => {
      const outside = join(folder.root, 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'index.ts'), HANDLER);
      writeFileSync(join(outside, 'file'), 'image: x\n');
      mkdirSync(at('inner'));
      const target = name.endsWith('.yml') ? join(outside, 'file') : outside;
      symlinkSync(name.endsWith('.ts') ? join(outside, 'index.ts') : target, at(name));
      const { functions, problems } = scan();
      expect(functions.filter(({ spec }) => spec)).toEqual([]);
      const told = [
        ...functions.map(({ problem }) => problem?.line),
        ...[...problems.values()].map((p) => p.line),
      ];
      expect(told).toEqual([expect.stringMatching(/is a link out of/)]);
    },
  );

  it('refuses a folder that is not there', () => {
    const nowhere = join(folder.root, 'nowhere');
    const { defaults } = folder.settings().gateway;
    expect(() => scanFolder(nowhere, { defaults, env: {} })).toThrow(/folder of functions can't be read/);
  });
});
