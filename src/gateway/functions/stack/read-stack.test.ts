import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WattloopError } from '../../../base/index.js';
import { type FunctionSpec, settingsSchema } from '../../../model/index.js';
import { readStack, type Stack } from './read-stack.js';

const { defaults } = settingsSchema.parse({}).gateway;
const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

const read = (path: string, env: Record<string, string> = {}): Stack => readStack(path, { defaults, env });
const specOf = (stack: Stack, name: string): FunctionSpec | undefined =>
  stack.functions.find((one) => one.name === name)?.spec;

describe('readStack', () => {
  it('reads a stack as OpenFaaS has it', () => {
    const stack = read(join(FIXTURES, 'good', 'stack.yml'), { REGISTRY: 'registry.example.com' });
    expect(stack.functions.map(({ problem }) => problem?.line)).toEqual(stack.functions.map(() => undefined));
    expect(stack.warnings).toEqual([]);

    const resize = specOf(stack, 'resize');
    expect(resize).toMatchObject({
      kind: 'handler',
      handler: join(FIXTURES, 'good', 'resize', 'handler.js'),
      // Files of variables outweigh those that stand in the stack.
      environment: { exec_timeout: '1m30s', COUNTRY: '0049', SCALE: 'from the file', LONG: 'a b' },
      labels: { 'com.openfaas.scale.min': '1', team: 'pictures' },
      annotations: { topic: 'pictures.new' },
      secrets: ['api-key'],
      limits: { memoryMib: 128, cpu: 0.5 },
      requests: { memoryMib: 64 },
      constraints: ['node.platform.os == linux'],
      scale: { minReplicas: 1 },
      timeoutSeconds: 90,
    });
    expect(specOf(stack, 'words')).toMatchObject({ kind: 'command', command: ['wc', '-w'] });
    expect(specOf(stack, 'server')).toMatchObject({
      kind: 'http',
      command: ['python3', '-m', 'http.server', '3000'],
      folder: join(FIXTURES, 'good', 'server'),
      port: 3_000,
      scale: { concurrency: 10 },
    });
    expect(specOf(stack, 'web')).toMatchObject({
      kind: 'image',
      image: 'registry.example.com/web:latest',
      environment: { fprocess: 'serve --all' },
      readOnlyRootFilesystem: true,
    });
    // Built by others: the handler is not for us.
    expect(specOf(stack, 'built')).toMatchObject({ kind: 'image', image: 'built:1' });
    expect(specOf(stack, 'anchored')).toMatchObject({ environment: { A: '1', B: 'yes' } });
  });

  it('tells of each function that is wrong, by line, column and key, and reads the others', () => {
    const path = join(FIXTURES, 'bad', 'stack.yml');
    const stack = read(path);
    const shown = relative(process.cwd(), path);
    const told = stack.functions.map(({ problem }) => problem?.line ?? 'good');
    expect(told).toEqual([
      'good',
      `${shown}:9:5: functions.misspelt.enviroment: is unknown. Did you mean "environment"?`,
      `${shown}:14:7: functions.time.environment.exec_timeout: must be a duration such as 30s, 1m30s or 500ms above 0, not "soon"`,
      `${shown}:19:7: functions.label.labels.com.openfaas.scale.mix: is unknown. Did you mean "com.openfaas.scale.min"?`,
      `${shown}:23:7: functions.memory.limits.memory: must be memory such as 128Mi or 1Gi, not "lots"`,
      `${shown}:26:15: functions.list.secrets.0: "../key" is no name of a secret. Letters, digits, dashes, dots and underscores, at most 253`,
      `${shown}:29:5: functions.missing.handler: "./nowhere" is not there: there is no ${relative(process.cwd(), join(FIXTURES, 'bad', 'nowhere'))}. Correct the path`,
      `${shown}:32:5: functions.outside.handler: "../good/resize" leads out of ${relative(process.cwd(), join(FIXTURES, 'bad'))}. Name something below ${relative(process.cwd(), join(FIXTURES, 'bad'))}`,
      `${shown}:33:3: functions.Upper_Case: "Upper_Case" is no name for a function: only lower-case letters, digits and dashes are allowed. Name it "upper-case"`,
      `${shown}:35:3: functions.nothing: has nothing that it could run. Give a "handler", an "image" or an "fprocess"`,
      `${shown}:38:5: functions.golang.lang: "go" is not built here. Build it and name its "image", or give its command with "fprocess"`,
      `${shown}:41:3: functions.text: must be a map: "key: value"`,
      `${shown}:43:5: functions.kind.environment: must be a map: "key: value"`,
      `${shown}:47:5: functions.space.namespace: there is no namespace "other". Leave it out, or name "openfaas-fn"`,
    ]);
  });

  describe('that is wrong as a whole', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'stack-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it.each([
      ['functions:\n  a: [\n', /stack\.yml:3:1: /],
      ['functions:\n  a: b: c\n', /stack\.yml:2:\d+: /],
      ['functions:\n  a:\n    image: x\n  a:\n    image: y\n', /stack\.yml:4:3: Map keys must be unique/],
      ['function:\n  a: {image: x}\n', /stack\.yml:1:1: function: is unknown.*Did you mean "functions"/],
      ['version: 2.0\n', /stack\.yml:1:1: version: must be "1.0"/],
      ['provider:\n  nmae: openfaas\n', /stack\.yml:2:3: provider.nmae: is unknown.*"name"/],
      ['provider:\n  name: other\n', /stack\.yml:2:3: provider.name: must be "openfaas"/],
      ['functions: []\n', /stack\.yml:1:1: functions: must be a map/],
      ['- a\n', /stack\.yml:1:1: must be a map/],
      ['functions:\n  a:\n    image: #{A:?no}\n', /stack\.yml:3:12: "\$\{A:\?no\}" is no variable/],
      ['functions: *nobody\n', /stack\.yml:1:\d+: .*nobody/],
      ['a: &a [*a]\n', /stack\.yml/],
    ])('names the place in %j', (text, message) => {
      const path = join(folder, 'stack.yml');
      // Written with #, as it is no template of ours.
      writeFileSync(path, text.replaceAll('#', '$'));
      let error: unknown;
      try {
        read(path);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(WattloopError);
      expect((error as WattloopError).line).toMatch(message);
    });

    it.each(['', '# nothing yet\n', 'functions:\n', 'provider:\n  name: openfaas\n'])(
      'finds no functions in %j',
      (text) => {
        const path = join(folder, 'stack.yml');
        writeFileSync(path, text);
        expect(read(path).functions).toEqual([]);
      },
    );

    it('warns of variables that are not set', () => {
      const path = join(folder, 'stack.yml');
      writeFileSync(path, 'functions:\n  a:\n    image: x#{NONE}\n'.replace('#', '$'));
      const stack = read(path);
      expect(stack.warnings).toEqual([expect.stringMatching(/the variable NONE is not set/)]);
      expect(specOf(stack, 'a')?.image).toBe('x');
    });
  });
});
