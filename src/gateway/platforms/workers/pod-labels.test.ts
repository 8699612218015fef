import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import { recognise } from '../../../meter/index.js';
import { rulesFor } from '../ready-made/rules-for.js';
import { RuleSet } from '../rules/rule-set.js';
import { askKubernetes, clusterAround } from './kubernetes-api.js';
import { factsOf } from './platform-observer.js';
import { PodLabels, PodNames } from './pod-labels.js';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const uid = (n: number): string => `0b1c2d3e-4f50-4617-8899-${String(n).padStart(12, '0')}`;

/** An API server with pods that a test makes; a page holds two. */
async function cluster() {
  const pods: { uid: string; name: string; namespace: string; labels: Record<string, string> }[] = [];
  const asked: string[] = [];
  const state = { status: 200, authorization: '' };
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    state.authorization = request.headers.authorization ?? '';
    const from = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('continue') ?? 0);
    const next = from + 2 < pods.length ? { continue: String(from + 2) } : {};
    const items = pods.slice(from, from + 2).map((metadata) => ({ metadata, spec: {} }));
    response.writeHead(state.status).end(JSON.stringify({ kind: 'PodList', metadata: next, items }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close().closeAllConnections());
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-account-'));
  writeFileSync(join(folder, 'token'), 't0ken\n');
  const { port } = server.address() as AddressInfo;
  const access = {
    url: new URL(`http://127.0.0.1:${port}`),
    tokenFile: join(folder, 'token'),
    ca: undefined,
  };
  const clock = new ManualClock();
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (text: string) => warnings.push(text) };
  const labels = new PodLabels({ ask: (path) => askKubernetes(access, path), node: 'worker-1', clock, log });
  return { pods, asked, state, clock, warnings, labels };
}

describe('labels of pods', () => {
  it('are those that the cluster tells, of this node, page by page', async () => {
    const { pods, asked, state, labels } = await cluster();
    for (let n = 0; n < 5; n++)
      pods.push({ uid: uid(n), name: `p${n}`, namespace: 'shop', labels: { n: String(n) } });
    expect(labels.of(uid(4))).toBeUndefined();
    await expect.poll(() => labels.of(uid(4))).toEqual({ pod: 'p4', namespace: 'shop', labels: { n: '4' } });
    expect(asked).toHaveLength(3);
    expect(decodeURIComponent(asked[0] ?? '')).toContain('fieldSelector=spec.nodeName=worker-1');
    expect(state.authorization).toBe('Bearer t0ken');
  });

  it('are asked for again when a pod appears, but not all the time', async () => {
    const { pods, asked, clock, labels } = await cluster();
    await labels.refresh();
    for (let look = 0; look < 10; look++) labels.of(uid(1));
    expect(asked).toHaveLength(1);
    pods.push({ uid: uid(1), name: 'late', namespace: 'shop', labels: {} });
    clock.advance(5);
    labels.of(uid(1));
    await expect.poll(() => labels.of(uid(1))?.pod).toBe('late');
    expect(asked).toHaveLength(2);
  });

  it('are the same object while nothing changes', async () => {
    const { pods, labels } = await cluster();
    pods.push({ uid: uid(1), name: 'p', namespace: 'shop', labels: { a: '1' } });
    await labels.refresh();
    const before = labels.of(uid(1));
    await labels.refresh();
    expect(labels.of(uid(1))).toBe(before);
  });

  it('cost a warning where the cluster refuses', async () => {
    const { state, warnings, labels } = await cluster();
    state.status = 403;
    await labels.refresh();
    await labels.refresh();
    expect(warnings).toEqual(['Kubernetes does not tell the labels of pods']);
    expect(labels.of(uid(1))).toBeUndefined();
  });

  it('make a Knative service of its pod', async () => {
    const { pods, labels } = await cluster();
    pods.push({
      uid: uid(7),
      name: 'cart-x',
      namespace: 'shop',
      labels: { 'serving.knative.dev/service': 'cart' },
    });
    await labels.refresh();
    const names = new PodNames({ of: () => ({ container: 'user-container' }) }, labels);
    const path = `/kubepods/burstable/pod${uid(7)}/${'c0de'.repeat(16)}`;
    const rules = new RuleSet(rulesFor(['auto'], []));
    expect(rules.group(factsOf(path, names.of(recognise(path))))?.function).toBe('shop/cart');
  });

  it('are asked for only within a cluster', () => {
    const host = (env: Record<string, string>) => createHost({ env, log: silentLogger });
    expect(clusterAround(host({}))).toBeUndefined();
    const inside = clusterAround(
      host({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }),
    );
    expect(inside?.url.href).toBe('https://[fd00::1]:6443/');
  });
});
