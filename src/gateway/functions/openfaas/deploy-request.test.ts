import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WattloopError } from '../../../base/index.js';
import { commandWords } from '../spec/words.js';
import { GatewayFolder } from '../testing/gateway-folder.js';
import { readDeployRequest, type WantedFunction } from './deploy-request.js';
import { functionStatus } from './function-status.js';

let folder: GatewayFolder;
beforeEach(() => {
  folder = new GatewayFolder();
});
afterEach(() => folder.remove());

const read = (body: unknown): WantedFunction =>
  readDeployRequest(typeof body === 'string' ? body : JSON.stringify(body), folder.settings().gateway);

function refusal(body: unknown): WattloopError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof WattloopError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('readDeployRequest', () => {
  it('takes what faas-cli sends, with its empty values', () => {
    const { spec } = read({
      service: 'figlet',
      image: 'functions/figlet:latest',
      namespace: '',
      envProcess: 'figlet',
      envVars: { read_timeout: '5s', exec_timeout: '10s' },
      constraints: null,
      secrets: null,
      labels: { 'com.openfaas.scale.max': '2' },
      annotations: {},
      limits: { memory: '128Mi', cpu: '' },
      requests: null,
      readOnlyRootFilesystem: false,
      network: 'func_functions',
    });
    expect(spec).toMatchObject({
      name: 'figlet',
      kind: 'image',
      image: 'functions/figlet:latest',
      environment: { fprocess: 'figlet', read_timeout: '5s', exec_timeout: '10s' },
      limits: { memoryMib: 128 },
      scale: { maxReplicas: 2 },
      timeoutSeconds: 10,
    });
  });

  it('takes a command, a server, a handler of the folder, and a handler as text', () => {
    const path = folder.write('tools/hello/index.ts', 'export default () => 1;\n');
    expect(read({ service: 'a', envProcess: 'wc -l' }).spec).toMatchObject({
      kind: 'command',
      command: ['wc', '-l'],
      folder: folder.functions,
    });
    expect(read({ service: 'a', image: '', envVars: { fprocess: 'x', mode: 'http' } }).spec).toMatchObject({
      kind: 'http',
      command: ['x'],
    });
    for (const wanted of [
      { handler: 'tools/hello' },
      { handler: './tools/hello/index.ts' },
      { handler: 'tools/hello/index' },
      { annotations: { 'com.wattloop.handler': 'tools/hello' } },
    ]) {
      expect(read({ service: 'a', ...wanted }).spec).toMatchObject({ kind: 'handler', handler: path });
    }
    const { spec, source } = read({ service: 'a', source: 'export default 1', lang: 'javascript' });
    expect(spec.kind).toBe('handler');
    expect(source).toEqual({ text: 'export default 1', ending: '.js' });
  });

  it.each<[unknown, RegExp]>([
    ['', /the body is no JSON: it is empty/],
    ['{"service": "a",', /the body is no JSON/],
    ['[]', /must be a JSON object/],
    ['null', /must be a JSON object/],
    [{}, /service: /],
    [{ service: 7 }, /service: .*expected string/],
    [{ service: '../x', image: 'a' }, /"\.\.\/x" is no name for a function/],
    [{ service: 'x'.repeat(300), image: 'a' }, /it has 300 characters/],
    [{ service: 'a' }, /has nothing that it could run/],
    [{ service: 'a', image: 'a', envVar: {} }, /unknown key "envVar". Did you mean "envVars"/],
    [{ service: 'a', image: 'a', envVars: { A: 1 } }, /envVars\.A: .*expected string/],
    [
      { service: 'a', image: 'a', envVars: { exec_timeout: 'x' } },
      /^envVars\.exec_timeout: must be a duration/,
    ],
    [{ service: 'a', envProcess: `sh -c 'x` }, /^envProcess: .*a quote is not closed/],
    [{ service: 'a', image: 'a', limits: { memory: '9' } }, /^limits\.memory: .*Did you mean 9Mi/],
    [{ service: 'a', image: 'a', namespace: 'other' }, /no namespace "other"/],
    [{ service: 'a', handler: '../../etc/passwd' }, /"\.\.\/\.\.\/etc\/passwd" leads out of/],
    [{ service: 'a', handler: '/etc/passwd' }, /leads out of/],
    [{ service: 'a', handler: 'nothing' }, /is not there/],
    [{ service: 'a', handler: 'a\0b' }, /is no path/],
    [{ service: 'a', handler: 'x', source: 'y' }, /not both/],
    [{ service: 'a', image: 'a', secrets: ['..'] }, /secrets\.0: /],
  ])('refuses %j', (body, message) => {
    const error = refusal(body);
    expect(error.code).toBe('bad_input');
    expect(error.line).toMatch(message);
  });

  it('takes no handlers where there is no folder of functions', () => {
    const settings = { ...folder.settings().gateway, functions: undefined };
    expect(() => readDeployRequest('{"service": "a", "handler": "x"}', settings)).toThrow(
      /no folder of functions/,
    );
  });
});

describe('functionStatus', () => {
  it('tells what was deployed as OpenFaaS does, so that it can be deployed again', () => {
    const request = {
      service: 'words',
      envProcess: `sh -c 'wc -w | tr -d " "'`,
      envVars: { exec_timeout: '10s' },
      labels: { team: 'text' },
      annotations: { topic: 'words' },
      limits: { memory: '128Mi', cpu: '500m' },
      requests: { memory: '2000000' },
      constraints: ['a == b'],
    };
    const { spec } = read(request);
    const deployed = { spec, version: 'abc', deployedAt: 1_700_000_000 };
    const status = functionStatus(deployed, { replicas: 2, availableReplicas: 1, invocationCount: 3 });
    expect(status).toEqual({
      name: 'words',
      image: '',
      namespace: 'openfaas-fn',
      envProcess: expect.any(String),
      envVars: request.envVars,
      labels: request.labels,
      annotations: request.annotations,
      secrets: [],
      constraints: ['a == b'],
      limits: request.limits,
      requests: request.requests,
      readOnlyRootFilesystem: false,
      replicas: 2,
      availableReplicas: 1,
      invocationCount: 3,
      createdAt: '2023-11-14T22:13:20.000Z',
      kind: 'command',
      version: 'abc',
    });
    expect(commandWords(status.envProcess)).toEqual(['sh', '-c', 'wc -w | tr -d " "']);
    const { name: service, ...again } = status;
    expect(read({ ...again, service }).spec).toEqual(spec);
  });
});
