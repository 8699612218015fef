import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from '../../base/index.js';
import { findHierarchies, foldersBelow } from '../../meter/index.js';
import { type LocalWorkshop, localWorkshop } from '../testing/local.js';

let shop: LocalWorkshop;
beforeEach(async () => {
  shop = await localWorkshop({ local: { grace_seconds: 0.2 } });
});
afterEach(() => shop.backend.close());

const start = (body: string, more = {}, head = '') =>
  shop.backend.start(shop.task(shop.handler(body, head), more));
const run = (body: string, more = {}, head = '') => start(body, more, head).done;

describe('a function that fails', () => {
  it('by throwing tells name, message and where in its own code', async () => {
    const { invocation, value } = await run(
      `function inner() { throw new RangeError('too far', { cause: new Error('the road ended') }); } inner();`,
    );
    expect(value).toBeUndefined();
    expect(invocation.status).toBe('failed');
    expect(invocation.error).toMatchObject({
      name: 'RangeError',
      message: 'too far (cause: the road ended)',
    });
    expect(invocation.error?.stack).toMatch(/at inner .*handler-1\.mjs/);
    expect(invocation.error?.stack).not.toMatch(/node:|compute\/worker/);
    expect(invocation.phases.length).toBeGreaterThan(0);
    expect((await run('return 7')).value).toBe(7);
  });

  it('by throwing what is no error is described', async () => {
    expect((await run(`throw { code: 5 };`)).invocation.error?.message).toBe('threw { code: 5 }');
    expect((await run(`throw 'text';`)).invocation.error?.message).toBe('text');
  });

  it('by returning what cannot be passed on is told so', async () => {
    const { invocation } = await run('return { call: () => 1 };');
    expect(invocation).toMatchObject({
      status: 'failed',
      error: {
        name: 'NotSerialisable',
        message: expect.stringMatching(/returned can't be passed on.*could not be cloned/),
      },
    });
    expect((await run('return 7')).value).toBe(7);
  });

  it('because its payload cannot be passed to it is told so', async () => {
    const { invocation } = await run('return 1', { payload: { call: () => 1 } });
    expect(invocation).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/payload can't be passed/) },
    });
    expect((await run('return 7')).value).toBe(7);
  });

  it('because its module cannot be loaded names the module', async () => {
    const missing = join(shop.folder, 'missing.mjs');
    const { invocation } = await shop.backend.start(shop.task(missing)).done;
    expect(invocation).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining(missing) },
    });
    const { invocation: broken } = await run('', {}, 'const const = 1;');
    expect(broken.error?.message).toMatch(/handler-\d+\.mjs can't be loaded: SyntaxError/);
    const { invocation: empty } = await run('', {}, 'throw new Error("at load");');
    expect(empty.error?.message).toMatch(/at load/);
  });

  it.each([
    [
      'an exception in a timer',
      `setTimeout(() => { throw new Error('late') }, 5); await new Promise(() => {});`,
    ],
    ['a rejection that nobody handles', `Promise.reject(new Error('late')); await new Promise(() => {});`],
  ])('by %s fails the invocation that is running', async (_, body) => {
    const pid = await run('return process.pid');
    const { invocation } = await run(body);
    expect(invocation).toMatchObject({ status: 'failed', error: { name: 'Error', message: 'late' } });
    // The process that it happened in is not trusted with another.
    const next = await run('return process.pid');
    expect(next.value).not.toBe(pid.value);
  });

  it('after its end fails no other', async () => {
    const logFile = join(shop.folder, 'first.log');
    await run(`setTimeout(() => { throw new Error('left behind') }, 50);`, { logFile });
    const { invocation } = await run(`await new Promise((resolve) => setTimeout(resolve, 200)); return 1;`);
    expect(invocation.status).toBe('done');
    expect(readFileSync(logFile, 'utf8')).toMatch(/after the invocation had ended.*left behind/);
  });
});

describe('a worker that ends', () => {
  it.each([0, 3])('with code %i costs its invocation only', async (code) => {
    const other = start(`await new Promise((resolve) => setTimeout(resolve, 500)); return 'other';`);
    const { invocation } = await run(`process.exit(${code})`);
    expect(invocation).toMatchObject({
      status: 'crashed',
      error: { message: `ended the process with code ${code}` },
      energies: [],
    });
    expect(invocation.wallSeconds).toBeGreaterThan(0);
    expect((await other.done).value).toBe('other');
    expect((await run('return 7')).value).toBe(7);
  });

  it('by SIGKILL says so, and how much it had used', async () => {
    const { invocation } = await run(
      `const until = Date.now() + 200; while (Date.now() < until); process.kill(process.pid, 'SIGKILL');`,
    );
    expect(invocation).toMatchObject({
      status: 'crashed',
      error: { message: expect.stringMatching(/killed by SIGKILL/) },
    });
    expect(invocation.cpuSeconds).toBeGreaterThan(0.02);
    expect(invocation.absent).toContainEqual(
      expect.objectContaining({ reason: expect.stringMatching(/ended before it could tell/) }),
    );
  });

  it('while it starts costs the task that waits for it', async () => {
    const { backend, task } = shop;
    const { invocation } = await backend.start(
      task(shop.handler('return 1'), { resources: { cpu: 1, memoryMib: 96 } }),
    ).done;
    expect(['done', 'out_of_memory']).toContain(invocation.status);
  });
});

describe('a function that does not end', () => {
  it.each([
    ['waits', 'await new Promise(() => {});'],
    ['keeps the processor', 'for (;;);'],
    [
      'ignores that it should end',
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 5); await new Promise(() => {});`,
    ],
  ])('and %s is ended when its time is over', async (_, body) => {
    const { value: pid } = await run('return process.pid');
    const { invocation } = await run(body, { timeoutSeconds: 0.3 });
    expect(invocation).toMatchObject({
      status: 'timed_out',
      error: { message: expect.stringContaining('0.3 s') },
    });
    expect(invocation.wallSeconds).toBeGreaterThanOrEqual(0.29);
    expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/);
    expect((await run('return 7')).value).toBe(7);
  });

  it('is cancelled by its signal, and by force when it does not listen', async () => {
    await run('return 1');
    const listening = start(
      `return await new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('stopped'))));`,
    );
    const deaf = start('for (;;);');
    await new Promise((resolve) => setTimeout(resolve, 300));
    listening.cancel();
    deaf.cancel();
    const [first, second] = await Promise.all([listening.done, deaf.done]);
    expect(first.invocation).toMatchObject({ status: 'cancelled', error: { name: 'Cancelled' } });
    expect(first.invocation.phases.length).toBeGreaterThan(0);
    expect(second.invocation).toMatchObject({ status: 'cancelled', phases: [] });
  });

  it('is cancelled while it still waits, without a worker', async () => {
    const busy = [start('await new Promise(() => {})'), start('await new Promise(() => {})')];
    const waiting = start('return 1');
    waiting.cancel();
    expect((await waiting.done).invocation).toMatchObject({ status: 'cancelled', worker: '' });
    for (const one of busy) one.cancel();
    await Promise.all(busy.map(({ done }) => done));
  });

  it('is cancelled when the backend closes, and nothing is left', async () => {
    const { value: pid } = await run('return process.pid');
    const running = start('await new Promise(() => {})');
    const waiting = [start('return 1'), start('return 1'), start('return 1')];
    await shop.backend.close();
    expect((await running.done).invocation.status).toBe('cancelled');
    for (const { done } of waiting) expect(['cancelled', 'done']).toContain((await done).invocation.status);
    expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/);
  });
});

describe('a client that is killed', () => {
  it('takes its workers with it, also those that never let go of the processor', async () => {
    const program = join(shop.folder, 'client.mjs');
    const dist = join(import.meta.dirname, '..', '..', '..', 'dist');
    const module = shop.handler(
      `writeFileSync(payload, String(process.pid)); for (;;);`,
      "import { writeFileSync } from 'node:fs';",
    );
    const pidFile = join(shop.folder, 'pid');
    writeFileSync(
      program,
      `import { createHost } from '${dist}/base/index.js';
       import { openLocalBackend } from '${dist}/compute/index.js';
       import { settingsSchema } from '${dist}/model/index.js';
       const backend = await openLocalBackend(createHost(), settingsSchema.parse({}));
       void backend.start(${JSON.stringify({ ...shop.task(module), payload: pidFile })});`,
    );
    const client = execFile(process.execPath, [program]);
    const pid = await appears(pidFile);
    client.kill('SIGKILL');
    await gone(pid);
    // What it leaves in /sys is removed by the next client.
    const next = await localWorkshop();
    await next.backend.close();
    const groups = findHierarchies(createHost()).flatMap(({ folder }) => foldersBelow(folder));
    expect(groups.filter((folder) => folder.endsWith(`wattloop/${client.pid}`))).toEqual([]);
  });
});

async function appears(file: string): Promise<number> {
  for (;;) {
    try {
      const pid = Number(readFileSync(file, 'utf8'));
      if (pid > 0) return pid;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
