import { describe, expect, it } from 'vitest';
import { containerId, POD_SLICE, POD_UID } from '../testing/cgroups.js';
import { recognise } from './container.js';

const A = containerId('a');
const B = containerId('b');
const SHORT_A = A.slice(0, 12);

describe('a control group’s path', () => {
  it.each([
    ['Docker by cgroupfs', `/docker/${A}`, 'docker'],
    ['Docker by systemd', `/system.slice/docker-${A}.scope`, 'docker'],
    [
      'Docker without root',
      `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${A}.scope`,
      'docker',
    ],
    ['containerd by CRI', `${POD_SLICE}/cri-containerd-${A}.scope`, 'containerd'],
    ['CRI-O', `${POD_SLICE}/crio-${A}.scope`, 'cri-o'],
    ['CRI-O with a group within', `${POD_SLICE}/crio-${A}.scope/container`, 'cri-o'],
    ['Podman', `/machine.slice/libpod-${A}.scope/container`, 'podman'],
    ['Podman by cgroupfs', `/libpod_parent/libpod-${A}`, 'podman'],
    ['nerdctl', `/system.slice/nerdctl-${A}.scope`, 'containerd'],
    ['containerd in namespace moby', `/moby/${A}`, 'containerd'],
    [
      'slice, engine and id in one name',
      `/system.slice/containerd.service/kubepods-pod${POD_UID.replaceAll('-', '_')}.slice:cri-containerd:${A}`,
      'containerd',
    ],
  ])('of %s tells the container', (_, path, runtime) => {
    expect(recognise(path)).toMatchObject({
      kind: 'container',
      runtime,
      containerId: A,
      name: `${runtime}:${SHORT_A}`,
    });
  });

  it.each([
    [`/kubepods/burstable/pod${POD_UID}/${A}`, 'burstable'],
    [`/kubepods/besteffort/pod${POD_UID}/${A}`, 'besteffort'],
    [`/kubepods/pod${POD_UID}/${A}`, 'guaranteed'],
    [`${POD_SLICE}/cri-containerd-${A}.scope`, 'burstable'],
    [
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${POD_UID.replaceAll('-', '_')}.slice/crio-${A}.scope`,
      'besteffort',
    ],
    [`/kubepods.slice/kubepods-pod${POD_UID.replaceAll('-', '_')}.slice/docker-${A}.scope`, 'guaranteed'],
    [
      `/docker/${B}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${POD_UID.replaceAll('-', '_')}.slice/cri-containerd-${A}.scope`,
      'burstable',
    ],
  ])('%s tells the pod and its class', (path, qos) => {
    expect(recognise(path)).toMatchObject({ kind: 'container', containerId: A, podUid: POD_UID, qos });
  });

  it('tells a pod without a container, and a static pod by its hash', () => {
    expect(recognise(POD_SLICE)).toEqual({
      kind: 'pod',
      name: `pod:${POD_UID}`,
      podUid: POD_UID,
      qos: 'burstable',
    });
    const hash = '0123456789abcdef0123456789abcdef';
    expect(recognise(`/kubepods/burstable/pod${hash}/${A}`)).toMatchObject({ podUid: hash, containerId: A });
  });

  it('does not say which engine made a container where the path does not', () => {
    expect(recognise(`/kubepods/pod${POD_UID}/${A}`)).toMatchObject({
      runtime: 'unknown',
      name: `container:${SHORT_A}`,
    });
  });

  it('of containers within containers tells the innermost', () => {
    expect(recognise(`/docker/${B}/docker/${A}`)).toMatchObject({ runtime: 'docker', containerId: A });
    expect(recognise(`/docker/${B}/kubepods/besteffort/pod${POD_UID}/${A}`)).toMatchObject({
      containerId: A,
      podUid: POD_UID,
    });
    // A pod of a cluster in a container, with no container of its own yet.
    expect(recognise(`/docker/${B}/kubepods/besteffort/pod${POD_UID}`)).toMatchObject({
      kind: 'pod',
      podUid: POD_UID,
    });
  });

  it('gives what a container made within itself to the container, and says which service it is', () => {
    expect(recognise(`/docker/${A}/system.slice/nginx.service`)).toMatchObject({
      kind: 'container',
      containerId: A,
      service: 'nginx.service',
    });
  });

  it.each([
    ['/system.slice/ssh.service', 'service', 'ssh.service'],
    ['/system.slice/system-getty.slice/getty@tty1.service', 'service', 'getty@tty1.service'],
    ['/system.slice/dev-disk-by\\x2dlabel-swap.service', 'service', 'dev-disk-by-label-swap.service'],
    ['/system.slice/postgresql.service/worker', 'service', 'postgresql.service'],
    ['/user.slice/user-1000.slice/session-3.scope', 'scope', 'session-3.scope'],
    ['/user.slice/user-1000.slice', 'slice', 'user-1000.slice'],
    ['/lithops/worker', 'other', 'worker'],
    ['/', 'other', '/'],
    ['', 'other', '/'],
  ])('%s is %s', (path, kind, name) => {
    expect(recognise(path)).toMatchObject({ kind, name });
  });

  it('tells LXC and machines of systemd-nspawn by their names', () => {
    expect(recognise('/lxc/web1')).toMatchObject({ runtime: 'lxc', containerId: 'web1' });
    expect(recognise('/lxc.payload.web1/init.scope')).toMatchObject({ runtime: 'lxc', containerId: 'web1' });
    expect(recognise('/lxc.monitor.web1')).toMatchObject({ kind: 'other' });
    expect(recognise('/machine.slice/machine-my\\x2dbox.scope')).toMatchObject({
      runtime: 'nspawn',
      containerId: 'my-box',
    });
  });

  it.each([
    `/system.slice/crio-conmon-${A}.scope`,
    `/machine.slice/libpod-conmon-${A}.scope`,
    '/docker/buildx',
    `/docker/${A.slice(0, 63)}`,
    `/docker/${A}0`,
    '/podium/x',
    '/kubepods/podcast',
  ])('%s is no container', (path) => {
    expect(recognise(path)).not.toHaveProperty('containerId');
    expect(recognise(path)).not.toHaveProperty('podUid');
  });
});
