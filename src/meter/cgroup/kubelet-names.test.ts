import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { KubeletNames } from './kubelet-names.js';

const ID = '3f2a'.repeat(16);
const OTHER = 'c0de'.repeat(16);
const UID = '0b1c2d3e-4f50-4617-8899-aabbccddeeff';
/** A static pod, which the kubelet reads from a file: its uid is a hash. */
const STATIC_UID = '3bd5d1a5b6b1f0a7e1a1d1c1b1a19181';

/** What the kubelet makes below /var/log, with containerd as with CRI-O. */
function kubelet() {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-kubelet-'));
  mkdirSync(join(folder, 'containers'));
  const pods = [`shop_cart-7d9f8b6c5-x2x4z_${UID}`, `kube-system_etcd-node-1_${STATIC_UID}`, 'lost+found'];
  for (const pod of pods) mkdirSync(join(folder, 'pods', pod), { recursive: true });
  const log = (name: string): void => writeFileSync(join(folder, 'containers', name), '');
  log(`cart-7d9f8b6c5-x2x4z_shop_cart-server-${ID}.log`);
  log('README');
  const clock = new ManualClock();
  return { folder, log, clock, names: new KubeletNames(folder, clock) };
}

describe('the kubelet’s names', () => {
  it('are those of containers, by their ids', () => {
    const { names } = kubelet();
    expect(names.known(ID)).toEqual({
      name: 'cart-server',
      image: '',
      labels: {
        'io.kubernetes.pod.name': 'cart-7d9f8b6c5-x2x4z',
        'io.kubernetes.pod.namespace': 'shop',
        'io.kubernetes.container.name': 'cart-server',
      },
    });
    expect(names.known(OTHER)).toBeUndefined();
  });

  it('are those of pods, also of static ones', () => {
    const { names } = kubelet();
    expect(names.pod(UID)).toEqual({ pod: 'cart-7d9f8b6c5-x2x4z', namespace: 'shop' });
    expect(names.pod(STATIC_UID)).toEqual({ pod: 'etcd-node-1', namespace: 'kube-system' });
    expect(names.pod('nobody')).toBeUndefined();
  });

  it('are looked for again when somebody new is asked for, but not at every tick', () => {
    const { names, log, clock } = kubelet();
    expect(names.known(OTHER)).toBeUndefined();
    log(`job-1_batch_work-${OTHER}.log`);
    clock.advance(1);
    expect(names.known(OTHER)).toBeUndefined();
    clock.advance(10);
    expect(names.known(OTHER)?.labels['io.kubernetes.pod.namespace']).toBe('batch');
  });

  it('are none where there is no kubelet', () => {
    const { names, folder } = kubelet();
    rmSync(folder, { recursive: true });
    expect(names.known(ID)).toBeUndefined();
    expect(names.pod(UID)).toBeUndefined();
  });
});
