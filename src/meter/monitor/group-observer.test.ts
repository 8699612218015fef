import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import type { Principal } from '../../model/index.js';
import type { ContainerDescription } from '../cgroup/docker-names.js';
import { FakeUsage } from '../testing/fake-sources.js';
import { EngineNames } from './container-names.js';
import { GroupObserver } from './group-observer.js';
import { PathObserver } from './path-observer.js';

const ID = '3f2a'.repeat(16);
const UID = '0b1c2d3e-4f50-4617-8899-aabbccddeeff';
const nothing = { known: () => undefined, pod: () => undefined };

function watch(names: EngineNames, ...paths: string[]) {
  const source = new FakeUsage(new ManualClock());
  for (const path of paths) source.groups.set(path, 1);
  const observer = new GroupObserver(names, () => undefined);
  return {
    source,
    observer,
    principals: (): Principal[] => observer.observe(source).map((one) => one.principal),
  };
}

const only = (names: EngineNames, path: string): Principal | undefined => watch(names, path).principals()[0];

describe('GroupObserver', () => {
  it.each([
    ['/', { key: '/', kind: 'system', name: 'system', labels: { cgroup: '/' } }],
    [
      `/docker/${ID}`,
      {
        key: ID,
        kind: 'container',
        name: 'docker:3f2a3f2a3f2a',
        labels: { cgroup: `/docker/${ID}`, runtime: 'docker' },
      },
    ],
    [
      '/system.slice/nginx.service',
      { key: '/system.slice/nginx.service', kind: 'service', name: 'nginx.service' },
    ],
    ['/user.slice', { key: '/user.slice', kind: 'cgroup', name: 'user.slice' }],
    [
      '/lxc/web',
      { key: 'lxc:web', kind: 'container', name: 'lxc:web', labels: { runtime: 'lxc', cgroup: '/lxc/web' } },
    ],
    [
      `/kubepods/burstable/pod${UID}`,
      { key: `pod:${UID}`, kind: 'pod', name: `pod:${UID}`, labels: { pod_uid: UID, qos: 'burstable' } },
    ],
  ])('recognises %s by its path', (path, principal) => {
    expect(only(new EngineNames(nothing, nothing), path)).toMatchObject(principal);
  });

  it('has no two principals of one key, whatever containers are called', () => {
    const names = new EngineNames(nothing, nothing);
    const keys = watch(names, '/', '/lxc/wattloop', '/wattloop', '/lxc/others', `/docker/${ID}`)
      .principals()
      .map(({ key }) => key);
    expect(keys).toEqual(['/', 'lxc:wattloop', '/wattloop', 'lxc:others', ID]);
  });

  it('names a container when its name becomes known, and keeps its key', () => {
    let known: ContainerDescription | undefined;
    const asked: string[] = [];
    const docker = {
      known: (id: string) => {
        asked.push(id);
        return known;
      },
    };
    const { principals } = watch(new EngineNames(docker, nothing), `/docker/${ID}`);
    const [before] = principals();
    expect(before).toMatchObject({ key: ID, name: 'docker:3f2a3f2a3f2a' });
    expect(principals()[0]).toBe(before);
    known = { name: 'web', image: 'nginx:1.27', labels: {} };
    expect(principals()[0]).toMatchObject({
      key: ID,
      name: 'web',
      labels: { container: 'web', image: 'nginx:1.27', runtime: 'docker' },
    });
    expect(asked).toEqual([ID, ID, ID]);
  });

  it('names containers of pods by the labels that Docker keeps', () => {
    const labels = {
      'io.kubernetes.pod.name': 'cart-7d9f',
      'io.kubernetes.pod.namespace': 'shop',
      'io.kubernetes.container.name': 'server',
    };
    const docker = { known: () => ({ name: 'k8s_server_cart', image: 'cart:1', labels }) };
    expect(only(new EngineNames(docker, nothing), `/kubepods/burstable/pod${UID}/${ID}`)).toMatchObject({
      name: 'shop/cart-7d9f/server',
      labels: { pod: 'cart-7d9f', namespace: 'shop', container: 'server', image: 'cart:1', qos: 'burstable' },
    });
  });

  it('names pods and their containers by the kubelet’s folders, without asking Docker for what is containerd’s', () => {
    const docker = {
      known: (): never => {
        throw new Error('asked');
      },
    };
    const kubelet = {
      known: () => ({
        name: 'server',
        image: '',
        labels: {
          'io.kubernetes.pod.name': 'cart-7d9f',
          'io.kubernetes.pod.namespace': 'shop',
          'io.kubernetes.container.name': 'server',
        },
      }),
      pod: () => ({ pod: 'cart-7d9f', namespace: 'shop' }),
    };
    const slice = `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID.replaceAll('-', '_')}.slice`;
    const names = new EngineNames(docker, kubelet);
    expect(watch(names, slice, `${slice}/cri-containerd-${ID}.scope`).principals()).toMatchObject([
      { key: `pod:${UID}`, kind: 'pod', name: 'shop/cart-7d9f', labels: { namespace: 'shop' } },
      {
        key: ID,
        kind: 'container',
        name: 'shop/cart-7d9f/server',
        labels: { runtime: 'containerd', pod: 'cart-7d9f' },
      },
    ]);
  });

  it('cuts kilobytes, and keeps what begins alike apart', () => {
    const long = `/user.slice/${'x'.repeat(4000)}`;
    const [a, b] = watch(new EngineNames(nothing, nothing), `${long}a`, `${long}b`).principals();
    for (const principal of [a, b]) {
      const texts = [principal?.key ?? '', principal?.name ?? '', ...Object.values(principal?.labels ?? {})];
      for (const text of texts) expect(text.length).toBeLessThanOrEqual(200);
    }
    expect(a?.key).not.toBe(b?.key);
    const image = { name: 'n'.repeat(999), image: 'i'.repeat(999), labels: {} };
    const container = only(new EngineNames({ known: () => image }, nothing), `/docker/${ID}`);
    expect([container?.name.length, container?.labels.image?.length]).toEqual([200, 200]);
  });

  it('forgets groups that are gone', () => {
    const { source, principals } = watch(new EngineNames(nothing, nothing), '/a');
    const [before] = principals();
    source.groups.clear();
    expect(principals()).toEqual([]);
    source.groups.set('/a', 1);
    expect(principals()[0]).toEqual(before);
    expect(principals()[0]).not.toBe(before);
  });

  it('takes the groups below out of a source whose figures contain them', () => {
    const source = new FakeUsage(new ManualClock(), 'cgroup', true);
    for (const [path, seconds] of [
      ['/', 10],
      ['/a', 7],
      ['/a/b', 5],
    ] as const)
      source.groups.set(path, seconds);
    const observer = new GroupObserver(new EngineNames(nothing, nothing), () => '/a');
    expect(observer.choose([source])).toBe(source);
    expect(observer.own(source)).toBe('/a');
    expect(observer.observe(source).map(({ id, cpuSeconds }) => [id, cpuSeconds])).toEqual([
      ['/', 3],
      ['/a', 2],
      ['/a/b', 5],
    ]);
  });
});

describe('PathObserver', () => {
  it('tells groups apart by their paths, whatever they stand for', () => {
    const source = new FakeUsage(new ManualClock());
    source.groups.set('/', 1).set(`/docker/${ID}`, 2);
    expect(new PathObserver(() => undefined).observe(source).map(({ principal }) => principal)).toEqual([
      { key: '/', kind: 'system', name: '/', labels: { cgroup: '/' } },
      { key: `/docker/${ID}`, kind: 'cgroup', name: `/docker/${ID}`, labels: { cgroup: `/docker/${ID}` } },
    ]);
  });
});
