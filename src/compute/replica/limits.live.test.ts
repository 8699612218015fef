import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, type HostOptions } from '../../base/index.js';
import { detectLayout, findHierarchies, foldersBelow, groupOfProcess } from '../../meter/index.js';
import { chooseLimiter } from '../local/limits/choose-limiter.js';
import { call, isAlive, type ReplicaWorkshop, replicaWorkshop } from '../testing/replicas.js';

const limiter = await chooseLimiter(createHost(), 'auto');
await limiter.close();
const hasGroups = limiter.cpu.by.startsWith('cgroup') && limiter.memory.by.startsWith('cgroup');

/** Outside of V8's heap, and touched, so that it is there. */
const EAT = 'const eaten = []; for (let i = 0; i < 64; i++) eaten.push(Buffer.alloc(16 << 20, 1));';
const SERVE_EATING = `require('http').createServer((request, response) => { ${EAT} response.end('ate'); }).listen(process.env.PORT);`;

let shop: ReplicaWorkshop;
const open = async (host: HostOptions = {}): Promise<void> => {
  shop = await replicaWorkshop({ host });
};
afterEach(() => shop.close());

describe.skipIf(!hasGroups)(`replicas in control groups (${limiter.cpu.note ?? limiter.cpu.by})`, () => {
  it('have one of their own, without limits too, by which their CPU time is told apart', async () => {
    await open();
    const idle = shop.handler('export default () => 1;');
    const busy = shop.command(['sh', '-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done']);
    await Promise.all([idle.ready, busy.ready]);
    const host = createHost();
    const hierarchy = detectLayout(host)?.cpu;
    expect(idle.group).toMatch(/\/wattloop\/\d+\/test-1$/);
    expect(hierarchy && groupOfProcess(host, hierarchy, idle.pid ?? 0)).toBe(idle.group);
    expect(hierarchy && groupOfProcess(host, hierarchy, busy.pid ?? 0)).toBe(busy.group);
    const before = [idle, busy].map((replica) => replica.cpuSeconds() ?? 0);
    const { headers } = await call(busy.address);
    const [idleUsed = 0, busyUsed = 0] = [idle, busy].map(
      (replica, index) => (replica.cpuSeconds() ?? 0) - (before[index] ?? 0),
    );
    const told = Number(headers['x-wattloop-cpu-seconds']);
    expect(told).toBeGreaterThan(0.05);
    expect(busyUsed).toBeGreaterThanOrEqual(told);
    expect(idleUsed).toBeLessThan(busyUsed / 2);
  });

  it('have no more of a processor than they are given', async () => {
    await open();
    const replica = shop.handler(
      `export default () => { const from = process.cpuUsage(); const until = Date.now() + 1000; while (Date.now() < until);
         const { user, system } = process.cpuUsage(from); return (user + system) / 1e6; };`,
      { limits: { cpu: 0.2 } },
    );
    await replica.ready;
    expect(Number((await call(replica.address)).text)).toBeLessThan(0.35);
  });

  it('are ended when they need more memory than they have, and say so', async () => {
    await open();
    const limits = { memoryMib: 160 };
    const neighbour = shop.handler('export default () => "well";', { limits });
    const handler = shop.handler(`export default () => { ${EAT} };`, { limits });
    const http = shop.http([process.execPath, '-e', SERVE_EATING], { limits });
    await Promise.all([neighbour.ready, handler.ready, http.ready]);
    await expect(call(handler.address)).rejects.toThrow();
    await expect(call(http.address)).rejects.toThrow();
    const end = {
      reason: 'out_of_memory',
      message: 'it needs more memory than the 160 MiB that it was given',
    };
    expect(await handler.ended).toEqual(end);
    expect(await http.ended).toEqual(end);
    expect((await call(neighbour.address)).text).toBe('well');
  });

  it('lose a command that needs more memory than they have, and go on', async () => {
    await open();
    const replica = shop.command(
      [process.execPath, '-e', `if (process.env.Http_Query === 'eat') { ${EAT} }`],
      {
        limits: { memoryMib: 192 },
      },
    );
    await replica.ready;
    expect(await call(replica.address, { path: '/?eat' })).toMatchObject({
      status: 500,
      text: 'the command needs more memory than it was given\n',
      headers: { 'x-wattloop-failure': 'out_of_memory' },
    });
    expect((await call(replica.address)).status).toBe(200);
  });

  it('leave no group behind', async () => {
    await open();
    const replica = shop.http(['sh', '-c', 'setsid sleep 1000 & exec sleep 1000']);
    await expect.poll(() => replica.pid).toBeGreaterThan(0);
    const groups = () =>
      findHierarchies(createHost())
        .flatMap(({ folder }) => foldersBelow(folder))
        .filter((folder) => folder.includes(`/wattloop/${process.pid}`));
    expect(groups().length).toBeGreaterThan(0);
    await shop.close();
    expect(groups()).toEqual([]);
  });
});

describe("V8's heap limit", () => {
  it('ends a handler whose objects do not fit, with a reason that says so', async () => {
    await open();
    const replica = shop.handler(
      'export default () => { const eaten = []; for (;;) eaten.push(new Array(1000).fill(eaten.length)); };',
      { limits: { memoryMib: 128 } },
    );
    await replica.ready;
    await expect(call(replica.address)).rejects.toThrow();
    expect((await replica.ended).reason).toBe('out_of_memory');
  });
});

describe('replicas where there are no control groups', () => {
  // A machine whose /sys shows none.
  const bare = { sysfs: mkdtempSync(join(tmpdir(), 'wattloop-nosys-')) };

  it('tell their CPU time and have no group', async () => {
    await open(bare);
    const replica = shop.handler(
      'export default () => { const until = Date.now() + 300; while (Date.now() < until); };',
    );
    await replica.ready;
    expect(replica.group).toBeUndefined();
    await call(replica.address);
    await expect.poll(() => replica.cpuSeconds()).toBeGreaterThan(0.05);
  });

  it('are ended by whoever watches them when they take too much memory', async () => {
    await open(bare);
    const replica = shop.handler(`export default async () => { ${EAT} await new Promise(() => {}); };`, {
      limits: { memoryMib: 256 },
    });
    await replica.ready;
    await expect(call(replica.address)).rejects.toThrow();
    expect(await replica.ended).toEqual({
      reason: 'out_of_memory',
      message: 'it needs more memory than the 256 MiB that it was given',
    });
  });

  it('leave nothing behind that went to a session of its own', async () => {
    await open(bare);
    const file = join(shop.folder, 'work', 'pid');
    const replica = shop.http([
      'sh',
      '-c',
      `setsid sh -c 'echo $$ > ${file}; exec sleep 1000' & exec sleep 1000`,
    ]);
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toMatch(/^\d+\n$/);
    const pid = Number(readFileSync(file, 'utf8'));
    replica.stop(5);
    await replica.ended;
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
