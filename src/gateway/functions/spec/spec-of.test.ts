import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../model/index.js';
import type { FunctionDescription } from './description.js';
import { Misdescribed } from './misdescribed.js';
import { specOf } from './spec-of.js';

const { defaults } = settingsSchema.parse({}).gateway;
const handler = { kind: 'handler', handler: '/f/one.ts' } as const;
const program = { kind: 'process', command: ['cat'] } as const;
const image = { kind: 'image', image: 'one:1' } as const;

const of = (more: Partial<FunctionDescription>) =>
  specOf({ name: 'one', code: handler, ...more }, { ...defaults, min_replicas: 0, max_replicas: 4 });
const scaled = (labels: Record<string, string>) => {
  const prefixed = Object.entries(labels).map(([name, value]) => [`com.openfaas.scale.${name}`, value]);
  return of({ labels: Object.fromEntries(prefixed) }).scale;
};

describe('specOf', () => {
  it('fills in what is not said', () => {
    expect(of({})).toEqual({
      name: 'one',
      kind: 'handler',
      handler: '/f/one.ts',
      environment: {},
      secrets: [],
      labels: {},
      annotations: {},
      limits: {},
      scale: { minReplicas: 0, maxReplicas: 4, idleSeconds: 300, concurrency: 1 },
      queue: { limit: 1_000, deadlineSeconds: 30 },
      timeoutSeconds: 60,
      priority: 0,
    });
  });

  it('gives servers more calls at once, and images the port that OpenFaaS has', () => {
    expect(of({ code: image })).toMatchObject({ port: 8_080, scale: { concurrency: 100 } });
    const http = of({ code: program, environment: { mode: 'http', upstream_url: 'http://127.0.0.1:3000' } });
    expect(http).toMatchObject({ kind: 'http', command: ['cat'], port: 3_000, scale: { concurrency: 100 } });
    expect(of({ code: program, environment: { mode: 'streaming' } })).toMatchObject({ kind: 'command' });
  });

  it.each([
    [
      { min: '2', max: '8' },
      { minReplicas: 2, maxReplicas: 8 },
    ],
    [{ min: '6' }, { minReplicas: 6, maxReplicas: 6 }],
    [{ zero: 'false' }, { minReplicas: 1 }],
    [{ zero: 'true', min: '2' }, { minReplicas: 0 }],
    [{ 'zero-duration': '15m' }, { idleSeconds: 900 }],
    [{ type: 'capacity', target: '20' }, { concurrency: 20 }],
    [{ type: 'rps', target: '20', factor: '20', 'target-proportion': '0.9' }, { concurrency: 1 }],
  ])('scales as labels %j say', (labels: Record<string, string>, scale) => {
    expect(scaled(labels)).toMatchObject(scale);
  });

  it('takes times and concurrency as watchdogs do', () => {
    expect(of({ environment: { exec_timeout: '1m30s', write_timeout: '10s' } }).timeoutSeconds).toBe(90);
    expect(of({ environment: { read_timeout: '20s', write_timeout: '15s' } }).timeoutSeconds).toBe(20);
    expect(of({ environment: { exec_timeout: '45' } }).timeoutSeconds).toBe(45);
    expect(of({ environment: { max_inflight: '7' } }).scale.concurrency).toBe(7);
    expect(of({ environment: { max_inflight: '0' } }).scale.concurrency).toBe(1);
  });

  it('takes queue and priority from labels of its own', () => {
    const labels = {
      'com.wattloop.priority': '-2.5',
      'com.wattloop.queue.limit': '0',
      'com.wattloop.queue.deadline': '500ms',
    };
    expect(of({ labels })).toMatchObject({ priority: -2.5, queue: { limit: 0, deadlineSeconds: 0.5 } });
  });

  it('reads limits and requests', () => {
    const spec = of({ limits: { memory: '128Mi', cpu: '500m' }, requests: { cpu: '0.1' } });
    expect(spec.limits).toEqual({ memoryMib: 128, cpu: 0.5 });
    expect(spec.requests).toEqual({ cpu: 0.1 });
  });

  it('knows when a server is ready', () => {
    const annotations = { 'com.openfaas.ready.http.path': '/ready' };
    expect(of({ code: image, annotations }).readyPath).toBe('/ready');
    expect(of({ code: program, environment: { mode: 'http', ready_path: 'up' } }).readyPath).toBe('/up');
  });

  it.each<[string[], Partial<FunctionDescription>, RegExp]>([
    [['labels', 'com.openfaas.scale.min'], { labels: { 'com.openfaas.scale.min': '-1' } }, /whole number/],
    [['labels', 'com.openfaas.scale.max'], { labels: { 'com.openfaas.scale.max': '0' } }, /at least 1/],
    [
      ['labels', 'com.openfaas.scale.min'],
      { labels: { 'com.openfaas.scale.min': '5', 'com.openfaas.scale.max': '2' } },
      /5 is more than com.openfaas.scale.max/,
    ],
    [['labels', 'com.openfaas.scale.type'], { labels: { 'com.openfaas.scale.type': 'magic' } }, /one of rps/],
    [['labels', 'com.openfaas.scale.zero'], { labels: { 'com.openfaas.scale.zero': 'maybe' } }, /"true" or/],
    [['labels', 'com.openfaas.scale.mni'], { labels: { 'com.openfaas.scale.mni': '1' } }, /unknown/],
    [['labels', 'com.wattloop.prority'], { labels: { 'com.wattloop.prority': '1' } }, /unknown/],
    [
      ['annotations', 'com.wattloop.priority'],
      { annotations: { 'com.wattloop.priority': '1' } },
      /means nothing/,
    ],
    [['environment', 'exec_timeout'], { environment: { exec_timeout: 'soon' } }, /duration such as 30s/],
    [['environment', 'exec_timeout'], { environment: { exec_timeout: '0s' } }, /above 0/],
    [['environment', 'mode'], { code: program, environment: { mode: 'static' } }, /not served here/],
    [
      ['environment', 'upstream_url'],
      { environment: { upstream_url: 'http://example.com' } },
      /this machine/,
    ],
    [['environment', 'A=B'], { environment: { 'A=B': '' } }, /no name of a variable/],
    [['environment', 'A'], { environment: { A: '\0' } }, /NUL/],
    [['limits', 'memory'], { limits: { memory: 'lots' } }, /128Mi/],
    [['limits', 'memory'], { limits: { memory: '128' } }, /128 bytes/],
    [['requests', 'cpu'], { requests: { cpu: '0' } }, /above 0/],
    [['secrets', '1'], { secrets: ['key', '../key'] }, /no name of a secret/],
  ])('refuses what is wrong under %j', (path, more, message) => {
    let error: unknown;
    try {
      of(more);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(Misdescribed);
    expect((error as Misdescribed).path).toEqual(path);
    expect((error as Misdescribed).message).toMatch(message);
  });
});
