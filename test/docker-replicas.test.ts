import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../src/base/index.js';
import { openDockerReplicas, type ReplicaHost, type ReplicaPlan } from '../src/compute/index.js';
import { type Settings, settingsSchema } from '../src/model/index.js';
import { Docker, whyNoDocker } from './support/docker.js';
import { freshFolder } from './support/wattloop.js';

const missing = whyNoDocker();
const host = createHost({ log: silentLogger });
const settingsOf = (docker: Partial<Settings['docker']>, dataDir = freshFolder()): Settings =>
  settingsSchema.parse({ data_dir: dataDir, docker });

const answer = (body: string): string =>
  `#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\n${body}\n`;
const FILES = {
  'www/hello': 'hello',
  'www/cgi-bin/about': answer(
    'busybox env; busybox id -u; busybox cat /var/openfaas/secrets/token; busybox touch /var/openfaas/secrets/x && echo writable; busybox cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null',
  ),
  'www/cgi-bin/burn': answer('i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done'),
  start:
    '#!/bin/sh\necho "listening on $PORT"; echo "to stderr" >&2\n[ -n "$FAIL" ] && exit 3\n[ -n "$SILENT" ] && exec busybox sleep 1000\nexec busybox httpd -f -p $PORT -h /www\n',
};

describe.skipIf(missing)(`functions in containers of a real Docker${missing ? ` (${missing})` : ''}`, () => {
  let docker: Docker;
  let network: string;
  const hosts: ReplicaHost[] = [];
  beforeAll(async () => {
    docker = await Docker.start();
    docker.image('wattloop-http', FILES, ['/start']);
    network = docker.network();
  });
  afterAll(() => docker?.stop());
  afterEach(async () => {
    for (const open of hosts.splice(0)) await open.close();
  });

  const open = async (docker: Partial<Settings['docker']>, dataDir?: string): Promise<ReplicaHost> => {
    const opened = await openDockerReplicas(host, settingsOf(docker, dataDir));
    hosts.push(opened);
    return opened;
  };
  const here = (more: Partial<Settings['docker']> = {}) => ({ socket: docker.socket, network, ...more });
  const plan = (more: Partial<ReplicaPlan> = {}): ReplicaPlan => ({
    id: 'echo-1',
    function: 'echo',
    version: 'v1',
    kind: 'image',
    image: 'wattloop-http',
    environment: {},
    secrets: {},
    limits: {},
    concurrency: 1,
    timeoutSeconds: 10,
    startSeconds: 20,
    logFile: join(freshFolder(), 'logs', 'echo-1.log'),
    logLimitBytes: 1 << 20,
    ...more,
  });
  const get = async (replica: { address: unknown }, path: string): Promise<string> => {
    const { host: name, port } = replica.address as { host: string; port: number };
    return await (await fetch(`http://${name}:${port}${path}`)).text();
  };

  it.each([
    ['their own address', undefined, /^\d+\.\d+\.\d+\.\d+:8080$/],
    ['a published port', true, /^127\.0\.0\.1:\d+$/],
  ])('answer on %s, metered by their control group', async (_, publish, address) => {
    const replicas = await open(here({ publish }));
    expect(replicas.refuses(plan())).toBeUndefined();
    const replica = replicas.start(plan());
    await replica.ready;
    const at = replica.address as { host: string; port: number };
    expect(`${at.host}:${at.port}`).toMatch(address);
    expect(await get(replica, '/hello')).toBe('hello');
    expect(replica.pid).toBeGreaterThan(0);
    expect(existsSync(`/proc/${replica.pid}`)).toBe(true);
    expect(readFileSync(`/proc/${replica.pid}/cgroup`, 'utf8')).toContain(`:${replica.group}\n`);
    const before = replica.cpuSeconds() ?? 0;
    expect(await get(replica, '/cgi-bin/burn')).toBe('done\n');
    expect((replica.cpuSeconds() ?? 0) - before).toBeGreaterThan(0.01);
    replica.stop(1);
    expect(await replica.ended).toMatchObject({ reason: 'stopped' });
    expect(docker.list('{{.ID}}')).toEqual([]);
    expect(replica.cpuSeconds()).toBeGreaterThan(before);
  });

  it('get their environment, secrets that they can only read, and limits', async () => {
    const replicas = await open(here());
    const replica = replicas.start(
      plan({
        environment: { COLOUR: 'blue = sky' },
        secrets: { token: 's3cret\n' },
        limits: { cpu: 0.5, memoryMib: 64 },
        port: 9000,
      }),
    );
    await replica.ready;
    const about = await get(replica, '/cgi-bin/about');
    expect(about).toContain('COLOUR=blue = sky\n');
    expect(about).toContain('PORT=9000\n');
    expect(about).toContain('secret_mount_path=/var/openfaas/secrets\n');
    expect(about).toContain('s3cret\n');
    expect(about).not.toContain('writable');
    expect(about).toContain(`${64 << 20}\n`);
    expect(docker.list('{{.Label "com.wattloop.function"}}')).toEqual(['echo']);
  });

  it('keep what they print in their log, and say how they ended', async () => {
    const replicas = await open(here());
    const failing = plan({ environment: { FAIL: '1' } });
    const replica = replicas.start(failing);
    await expect(replica.ready).rejects.toThrow(/ended before it was ready: .*code 3.*to stderr/s);
    expect(await replica.ended).toEqual({
      reason: 'crashed',
      message: expect.stringMatching(/^its container ended with code 3: /),
    });
    expect(readFileSync(failing.logFile, 'utf8')).toContain('listening on 8080\n');
    expect(docker.list('{{.ID}}')).toEqual([]);
  });

  it('say that they needed too much memory', async () => {
    const replicas = await open(here());
    const replica = replicas.start(plan({ image: 'wattloop-hog', limits: { memoryMib: 16 } }));
    await expect(replica.ready).rejects.toThrow(/no image "wattloop-hog"/);
    docker.image('wattloop-hog', { hog: '#!/bin/sh\nx=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done\n' }, [
      '/hog',
    ]);
    await expect.poll(() => replicas.refuses(plan({ image: 'wattloop-hog' }))).toBeUndefined();
    const hog = replicas.start(plan({ image: 'wattloop-hog', limits: { memoryMib: 16 } }));
    expect(await hog.ended).toEqual({
      reason: 'out_of_memory',
      message: expect.stringMatching(/^needs more memory than the 16 MiB/),
    });
    await expect(hog.ready).rejects.toThrow();
  });

  it('are given up when they do not become ready in time', async () => {
    const replicas = await open(here());
    const replica = replicas.start(plan({ environment: { SILENT: '1' }, startSeconds: 2 }));
    await expect(replica.ready).rejects.toThrow(/did not become ready in 2 s/);
    expect((await replica.ended).reason).toBe('crashed');
    expect(docker.list('{{.ID}}')).toEqual([]);
  });

  it('are gone when their host is closed, also those that had only just begun', async () => {
    const dataDir = freshFolder();
    const replicas = await open(here(), dataDir);
    const first = replicas.start(plan({ secrets: { a: '1' } }));
    await first.ready;
    const second = replicas.start(plan({ id: 'echo-2' }));
    await replicas.close();
    expect((await first.ended).reason).toBe('stopped');
    expect((await second.ended).reason).toBe('stopped');
    await expect(second.ready).rejects.toThrow();
    expect(docker.list('{{.ID}}')).toEqual([]);
    expect(readdirSync(join(dataDir, 'gateway', 'docker'))).toEqual([]);
  });

  it('are removed by the next gateway when theirs was killed', async () => {
    const dataDir = freshFolder();
    // Stands for a gateway that was killed: its container has the labels of a process that lived and does not.
    const child = spawn('sleep', ['1000']);
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    const owner = `${child.pid}-${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}-${namespace}`;
    const labels = (gateway: string, name: string): string[] => [
      '--label',
      `com.wattloop.gateway=${gateway}`,
      '--label',
      `com.wattloop.owner=${name}`,
    ];
    docker.run('left', 'busybox sleep 1000', ...labels(dataDir, owner));
    docker.run('other', 'busybox sleep 1000', ...labels('/elsewhere', owner));
    const names = () => docker.list('{{.Names}}').sort();
    await open(here(), dataDir);
    // Its gateway lives.
    expect(names()).toEqual(['left', 'other']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await open(here(), dataDir);
    expect(names()).toEqual(['other']);
    docker.remove('other');
  });

  it('are refused with the reason where they can not be had', async () => {
    const replicas = await open(here());
    expect(replicas.refuses(plan({ image: 'nobody/has-it:1' }))).toMatch(
      /no image "nobody\/has-it:1": docker pull it/,
    );
    expect(replicas.refuses(plan({ kind: 'http' }))).toBe('only images run in containers');
    expect(replicas.refuses(plan({ secrets: { '../x': '' } }))).toMatch(/"..\/x" has no name/);
    const elsewhere = await open(here({ network: 'nowhere' }));
    expect(elsewhere.refuses(plan())).toMatch(/no network "nowhere"/);
    const none = await open(here({ network: 'none' }));
    expect(none.refuses(plan())).toMatch(/have no address of their own/);
  });
});

it('are refused with the reason where no engine is', async () => {
  const socket = join(freshFolder(), 'docker.sock');
  const replicas = await openDockerReplicas(host, settingsOf({ socket }));
  const plan = { kind: 'image', image: 'a', secrets: {} } as ReplicaPlan;
  expect(replicas.refuses(plan)).toBe(
    `no Docker engine answers on ${socket}: start it, or name its socket in docker.socket`,
  );
  await replicas.close();
});
