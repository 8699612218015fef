import { describe, expect, it } from 'vitest';
import type { ReplicaPlan } from '../replica/replica.js';
import { containerRequest } from './container-request.js';

const PLAN: ReplicaPlan = {
  id: 'echo-1',
  function: 'echo',
  version: 'v1',
  kind: 'image',
  image: 'echo:1',
  environment: {},
  secrets: {},
  limits: {},
  concurrency: 1,
  timeoutSeconds: 60,
  startSeconds: 30,
  logFile: '/tmp/log',
  logLimitBytes: 1024,
};
const PLACE = {
  gateway: '/data',
  owner: '1-2-3',
  network: 'bridge',
  reach: 'address',
  secretsFolder: undefined,
} as const;

describe('the container of a replica', () => {
  it('has no privileges, an init process, and ends for good', () => {
    expect(containerRequest(PLAN, PLACE).HostConfig).toMatchObject({
      Init: true,
      Privileged: false,
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      NetworkMode: 'bridge',
    });
  });

  it('writes nowhere but to /tmp where that is asked for', () => {
    const { HostConfig: bound } = containerRequest({ ...PLAN, readOnlyRootFilesystem: true }, PLACE);
    expect(bound).toMatchObject({ ReadonlyRootfs: true, Tmpfs: { '/tmp': '' } });
    expect(containerRequest(PLAN, PLACE).HostConfig).not.toHaveProperty('ReadonlyRootfs');
  });

  it('has the limits of its plan, and none that it does not name', () => {
    const { HostConfig: limited } = containerRequest(
      { ...PLAN, limits: { cpu: 0.25, memoryMib: 64 } },
      PLACE,
    );
    expect(limited).toMatchObject({ NanoCpus: 250_000_000, Memory: 67_108_864, MemorySwap: 67_108_864 });
    const free = containerRequest(PLAN, PLACE).HostConfig as object;
    expect(Object.keys(free)).not.toEqual(expect.arrayContaining(['NanoCpus']));
    expect(Object.keys(free)).not.toEqual(expect.arrayContaining(['Memory']));
  });

  it('publishes its port on loopback alone, and only where it must', () => {
    const published = containerRequest({ ...PLAN, port: 9000 }, { ...PLACE, reach: 'published' });
    expect(published.HostConfig).toMatchObject({
      PortBindings: { '9000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
    });
    expect(containerRequest(PLAN, PLACE).HostConfig).not.toHaveProperty('PortBindings');
  });

  it('is told its port, unless its owner says otherwise', () => {
    expect(containerRequest(PLAN, PLACE).Env).toEqual(['PORT=8080']);
    expect(containerRequest({ ...PLAN, port: 9000, environment: { A: '1' } }, PLACE).Env).toEqual([
      'PORT=9000',
      'A=1',
    ]);
  });

  it('sees its secrets read-only', () => {
    const request = containerRequest(PLAN, { ...PLACE, secretsFolder: '/data/secrets' });
    expect(request.Env).toContain('secret_mount_path=/var/openfaas/secrets');
    expect(request.HostConfig).toMatchObject({
      Mounts: [{ Type: 'bind', Source: '/data/secrets', Target: '/var/openfaas/secrets', ReadOnly: true }],
    });
  });
});
