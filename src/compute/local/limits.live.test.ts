import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, readTextIfAny } from '../../base/index.js';
import { findHierarchies, foldersBelow } from '../../meter/index.js';
import { type LocalWorkshop, localWorkshop } from '../testing/local.js';
import { chooseLimiter } from './limits/choose-limiter.js';

const limiter = await chooseLimiter(createHost(), 'auto');
await limiter.close();
const hasGroups = limiter.cpu.by.startsWith('cgroup') && limiter.memory.by.startsWith('cgroup');

const BUSY = `const from = process.cpuUsage(); const until = Date.now() + 1000; while (Date.now() < until);
  const { user, system } = process.cpuUsage(from); return (user + system) / 1e6;`;
/** Outside of V8's heap, and touched, so that it is there. */
const EAT =
  'const eaten = []; for (let i = 0; i < 64; i++) eaten.push(Buffer.alloc(16 << 20, 1)); return eaten.length;';
const EAT_HEAP = 'const eaten = []; for (;;) eaten.push(new Array(1000).fill(eaten.length));';
const NEIGHBOUR = `await new Promise((resolve) => setTimeout(resolve, 1500)); return 'well';`;

let shop: LocalWorkshop;
afterEach(() => shop.backend.close());
const start = (body: string, more = {}, head = '') =>
  shop.backend.start(shop.task(shop.handler(body, head), more));
const run = (body: string, more = {}, head = '') => start(body, more, head).done;

describe.skipIf(!hasGroups)(`limits by control groups (${limiter.cpu.note ?? limiter.cpu.by})`, () => {
  it('give a fifth of a processor to who has a fifth of one', async () => {
    shop = await localWorkshop();
    const { value, invocation } = await run(BUSY, { resources: { cpu: 0.2, memoryMib: 256 } });
    expect(invocation.platform?.cpuLimit.by).toMatch(/^cgroup-v[12]$/);
    // Of one second; a machine that others use too may give less, but never much more.
    expect(value).toBeLessThan(0.35);
    expect(value).toBeGreaterThan(0.03);
  });

  it('end what needs more memory than it has, and nothing beside it', async () => {
    shop = await localWorkshop();
    const neighbour = start(NEIGHBOUR);
    const { invocation } = await run(EAT);
    expect(invocation).toMatchObject({
      status: 'out_of_memory',
      error: { name: 'OutOfMemory', message: expect.stringContaining('256 MiB') },
      platform: { memoryLimit: { by: expect.stringMatching(/^cgroup/) } },
    });
    expect(invocation.cpuSeconds).toBeGreaterThan(0);
    expect((await neighbour.done).value).toBe('well');
    expect((await run(EAT, { resources: { cpu: 1, memoryMib: 2_048 } })).value).toBe(64);
  });

  it('tell when it was a command that ran out of memory', async () => {
    shop = await localWorkshop();
    const script = 'const eaten = []; for (;;) eaten.push(Buffer.alloc(16 << 20, 1));';
    const { invocation } = await run(
      `execFileSync(process.execPath, ['-e', ${JSON.stringify(script)}]);`,
      {},
      "import { execFileSync } from 'node:child_process';",
    );
    expect(invocation.status).toBe('out_of_memory');
    expect((await run('return 7')).value).toBe(7);
  });

  it('hold for the whole life of a command that the function leaves behind, which ends with its worker', async () => {
    shop = await localWorkshop();
    const { value } = await run(
      `const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }); child.unref(); return child.pid;`,
      {},
      "import { spawn } from 'node:child_process';",
    );
    const lives = (): boolean =>
      /^\d+ \(sleep\) [^ZX]/.test(readTextIfAny(`/proc/${Number(value)}/stat`) ?? '');
    expect(lives()).toBe(true);
    await shop.backend.close();
    expect(lives()).toBe(false);
  });

  it('leave no group behind', async () => {
    shop = await localWorkshop();
    await run('return 1');
    const groups = () =>
      findHierarchies(createHost())
        .flatMap(({ folder }) => foldersBelow(folder))
        .filter((folder) => folder.includes(`/wattloop/${process.pid}`));
    expect(groups().length).toBeGreaterThan(0);
    await shop.backend.close();
    expect(groups()).toEqual([]);
  });
});

describe("V8's heap limit", () => {
  it('ends a function whose objects do not fit, with a message that says so', async () => {
    shop = await localWorkshop();
    const { invocation } = await run(EAT_HEAP);
    expect(invocation).toMatchObject({
      status: 'out_of_memory',
      error: { message: expect.stringContaining('256 MiB') },
    });
  });
});

describe('limits where there are no control groups', () => {
  // A machine whose /sys shows none.
  const bare = { sysfs: mkdtempSync(join(tmpdir(), 'wattloop-nosys-')) };

  it('are kept by affinity and a watchdog, and the platform says why', async () => {
    shop = await localWorkshop({ host: bare });
    const { value, invocation } = await run(
      `return readFileSync('/proc/self/status', 'utf8').match(/^Cpus_allowed_list:\\s*(.*)$/m)[1];`,
      {},
      "import { readFileSync } from 'node:fs';",
    );
    expect(invocation.platform).toMatchObject({
      cpuLimit: {
        by: expect.stringMatching(/^(affinity|none)$/),
        note: expect.stringMatching(/no control groups|no hierarchy/),
      },
      memoryLimit: { by: 'watchdog' },
    });
    if (invocation.platform?.cpuLimit.by === 'affinity') expect(value).toMatch(/^\d+$/);
  });

  it('end what takes too much memory', async () => {
    shop = await localWorkshop({ host: bare });
    const neighbour = start(NEIGHBOUR);
    const { invocation } = await run(`${EAT.replace('return', 'await new Promise(() => {});')}`);
    expect(invocation).toMatchObject({
      status: 'out_of_memory',
      error: { message: expect.stringContaining('256 MiB') },
    });
    expect(invocation.cpuSeconds).toBeGreaterThan(0);
    expect((await neighbour.done).value).toBe('well');
  });

  it('are not kept when the settings say so', async () => {
    shop = await localWorkshop({ local: { limits: 'none' } });
    const { invocation } = await run(EAT);
    expect(invocation.status).toBe('done');
    expect(invocation.memoryPeakMib).toBeGreaterThan(1_000);
    expect(invocation.platform?.memoryLimit).toEqual({ by: 'none', note: expect.stringMatching(/limits/) });
    const after = await run('return 1');
    expect(after.invocation.memoryPeakMib).toBeGreaterThan(10);
  });
});
