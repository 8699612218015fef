import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { SimulatedMeter } from '../../meter/testing/scpi-meter.js';
import { settingsSchema } from '../../model/index.js';
import { type LocalWorkshop, localWorkshop, SMALL } from '../testing/local.js';
import { openLocalBackend } from './open-local-backend.js';

let shop: LocalWorkshop;
const open = async (...options: Parameters<typeof localWorkshop>): Promise<LocalWorkshop> => {
  shop = await localWorkshop(...options);
  return shop;
};
afterEach(() => shop.backend.close());

const run = (body: string, more = {}, head = '') => {
  const { backend, task, handler } = shop;
  return backend.start(task(handler(body, head), more)).done;
};

describe('LocalBackend', () => {
  it('returns what the handler returns, with a record of times, usage and energy', async () => {
    await open();
    const body = `
      context.phase('read'); context.countRead(10);
      context.phase('compute');
      const until = Date.now() + 60; while (Date.now() < until);
      context.phase('write'); context.countWritten(3);
      return { doubled: payload.n * 2, bytes: new Uint8Array([1, 2]) };`;
    const { invocation, value } = await run(body, {
      payload: { n: 21 },
      run: 'r1',
      partition: 4,
      workers: 8,
    });
    expect(value).toEqual({ doubled: 42, bytes: new Uint8Array([1, 2]) });
    expect(invocation).toMatchObject({
      run: 'r1',
      function: 'test',
      partition: 4,
      configuration: { ...SMALL, workers: 8 },
      status: 'done',
      cold: true,
      readBytes: 10,
      writtenBytes: 3,
      platform: { backend: 'local', runtime: `node ${process.versions.node}` },
    });
    expect(invocation.phases.map(({ name }) => name)).toEqual(['cold_start', 'read', 'compute', 'write']);
    const [cold, , compute] = invocation.phases;
    // Loading a program takes processor time, and a loop of 60 ms takes about that, unless others have the processors.
    expect(cold?.wallSeconds).toBeGreaterThan(0.02);
    expect(cold?.cpuSeconds).toBeGreaterThan(0.02);
    expect(compute?.wallSeconds).toBeGreaterThanOrEqual(0.05);
    const sum = invocation.phases.reduce((total, phase) => total + phase.wallSeconds, 0);
    expect(invocation.wallSeconds).toBeCloseTo(sum, 3);
    expect(invocation.endedAt - invocation.startedAt).toBeCloseTo(invocation.wallSeconds, 6);
    expect(invocation.startedAt).toBeGreaterThanOrEqual(invocation.submittedAt);
    expect(invocation.usage.map(({ method }) => method)).toContain('rusage');
    const names = new Set([
      ...invocation.usage.map(({ method }) => method),
      ...invocation.energies.map(({ source }) => source),
      ...invocation.absent.map(({ name }) => name),
    ]);
    for (const name of ['rapl', 'tdp', 'perf', 'ebpf', 'proc', 'cgroup', 'ipmi'])
      expect(names).toContain(name);
    for (const { reason } of invocation.absent) expect(reason).not.toBe('');
    for (const { joules, nodeJoules } of invocation.energies) {
      expect(joules).toBeGreaterThanOrEqual(0);
      expect(joules).toBeLessThanOrEqual(nodeJoules);
    }
  });

  it('keeps a worker warm for the next task, and the list of absent methods is one object', async () => {
    await open();
    const first = await run('return process.pid');
    const second = await run('return process.pid');
    expect(second.value).toBe(first.value);
    expect(second.invocation).toMatchObject({ cold: false, worker: first.invocation.worker });
    expect(second.invocation.phases.map(({ name }) => name)).toEqual(['compute']);
    expect(second.invocation.absent).toBe(first.invocation.absent);
    expect(second.invocation.platform).toBe(first.invocation.platform);
  });

  it('runs as many at once as there is room for, in the order of start', async () => {
    await open();
    const { backend, handler, task } = shop;
    const module = handler('return Number(process.hrtime.bigint())');
    const started = Array.from({ length: 40 }, (_, partition) => backend.start(task(module, { partition })));
    const reports = await Promise.all(started.map(({ done }) => done));
    expect(new Set(reports.map(({ invocation }) => invocation.worker)).size).toBeLessThanOrEqual(2);
    for (const worker of new Set(reports.map(({ invocation }) => invocation.worker))) {
      const times = reports
        .filter((report) => report.invocation.worker === worker)
        .map(({ value }) => Number(value));
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    expect(reports.every(({ invocation }) => invocation.status === 'done')).toBe(true);
  });

  it('ends idle workers of another size when their room is needed', async () => {
    await open({ local: { max_cpus: 1 } });
    const small = await run('return process.pid');
    const large = await run('return process.pid', { resources: { cpu: 1, memoryMib: 512 } });
    expect(large.invocation.status).toBe('done');
    expect(large.value).not.toBe(small.value);
    expect(() => process.kill(Number(small.value), 0)).toThrow(/ESRCH/);
  });

  it('ends workers that were idle for long enough', async () => {
    await open({ local: { idle_seconds: 0.05 } });
    const { value } = await run('return process.pid');
    await gone(Number(value));
  });

  it('says what can never be had', async () => {
    await open();
    expect(shop.backend.capacity(SMALL)).toBe(2);
    expect(shop.backend.capacity({ cpu: 0.5, memoryMib: 2_048 })).toBe(2);
    expect(shop.backend.capacity({ cpu: 3, memoryMib: 256 })).toBe(0);
    expect(shop.backend.refuses({ cpu: 3, memoryMib: 256 })).toMatch(/max_cpus/);
    expect(shop.backend.refuses({ cpu: 1, memoryMib: 100_000 })).toMatch(/max_memory_mib/);
    const { invocation } = await run('return 1', { resources: { cpu: 3, memoryMib: 256 } });
    expect(invocation).toMatchObject({ status: 'failed', error: { name: 'Refused' } });
  });

  it('measures nothing but times when the meter is off', async () => {
    await open({ meter: false });
    const { invocation } = await run('return 1');
    expect(invocation).toMatchObject({ status: 'done', energies: [] });
    expect(invocation.usage.map(({ method }) => method)).toEqual(['rusage']);
    expect(invocation.wallSeconds).toBeGreaterThan(0);
    expect(invocation.absent.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/compute\.meter/),
    );
  });

  it('reads only the methods that were asked for', async () => {
    await open({ methods: ['proc'] });
    const { invocation } = await run('return 1');
    expect(invocation.energies).toEqual([]);
    expect(invocation.usage.map(({ method }) => method)).toEqual(['rusage', 'proc']);
    expect(invocation.absent).toContainEqual({ name: 'tdp', reason: 'it is not among meter.methods' });
  });

  it('counts commands that the function runs', async () => {
    await open();
    const loop = 'const end = process.cpuUsage().user + 200000; while (process.cpuUsage().user < end);';
    const { invocation } = await run(
      `execFileSync(process.execPath, ['-e', ${JSON.stringify(loop)}]);`,
      {},
      "import { execFileSync } from 'node:child_process';",
    );
    const compute = invocation.phases.find(({ name }) => name === 'compute');
    expect(compute?.cpuSeconds).toBeGreaterThan(0.19);
    for (const { usage } of invocation.usage) expect(usage.cpuSeconds).toBeGreaterThan(0.19);
  });
});

describe('the memory of an invocation', () => {
  it('is the most that it had itself, not one before it', async () => {
    await open();
    const resources = { cpu: 1, memoryMib: 1_024 };
    const before = await run('return 1', { resources });
    const large = await run('const held = Buffer.alloc(300 << 20, 1); return held[5];', { resources });
    expect(large.value).toBe(1);
    expect(large.invocation.memoryPeakMib).toBeGreaterThan(300);
    // Until the garbage is collected it is still there.
    const collect =
      "import { setFlagsFromString } from 'node:v8'; import { runInNewContext } from 'node:vm';";
    await run("setFlagsFromString('--expose-gc'); runInNewContext('gc')();", { resources }, collect);
    const after = await run('return 1', { resources });
    expect(after.invocation.worker).toBe(large.invocation.worker);
    expect(after.invocation.memoryPeakMib).toBeLessThan((before.invocation.memoryPeakMib ?? 0) + 150);
  });

  it('has that of its commands in it, or is not told', async () => {
    await open();
    const script = 'const held = Buffer.alloc(200 << 20, 1); setTimeout(() => held, 100);';
    const { invocation } = await run(
      `execFileSync(process.execPath, ['-e', ${JSON.stringify(script)}]);`,
      { resources: { cpu: 1, memoryMib: 1_024 } },
      "import { execFileSync } from 'node:child_process';",
    );
    expect(invocation.memoryPeakMib ?? Number.POSITIVE_INFINITY).toBeGreaterThan(200);
  });
});

describe('a worker that cannot be started', () => {
  it('costs the task that waits for it, which says why', async () => {
    await open();
    const backend = await openLocalBackend(createHost({ log: silentLogger }), settingsSchema.parse({}), {
      workerProgram: '/nowhere/main.js',
    });
    const { invocation } = await backend.start(shop.task('/x.mjs')).done;
    await backend.close();
    expect(invocation).toMatchObject({
      status: 'crashed',
      error: { message: expect.stringMatching(/did not come up.*\/nowhere\/main\.js/s) },
    });
  });
});

describe('what the client meters for all workers', () => {
  it('is CPU time by the kernel programs, where they work', async () => {
    await open();
    const { invocation } = await run('const until = Date.now() + 100; while (Date.now() < until);');
    const rusage = invocation.usage.find(({ method }) => method === 'rusage')?.usage.cpuSeconds ?? 0;
    const ebpf = invocation.usage.find(({ method }) => method === 'ebpf')?.usage.cpuSeconds;
    if (ebpf === undefined) {
      expect(invocation.absent).toContainEqual(expect.objectContaining({ name: 'ebpf' }));
    } else {
      expect(ebpf).toBeGreaterThan(rusage * 0.9);
      expect(ebpf).toBeLessThan(rusage + 0.05);
    }
  });

  it('is the energy of instruments that are polled, shared by CPU time', async () => {
    const instrument = new SimulatedMeter();
    const port = await instrument.start();
    try {
      await open({
        methods: ['scpi'],
        sources: { scpi: [{ name: 'bench', address: `tcp://127.0.0.1:${port}` }] },
      });
      const busy = 'const until = Date.now() + 300; while (Date.now() < until);';
      const { backend, handler, task } = shop;
      const module = handler(busy);
      const reports = await Promise.all([1, 2].map(() => backend.start(task(module)).done));
      let joules = 0;
      for (const { invocation } of reports) {
        const [share] = invocation.energies;
        expect(share).toMatchObject({ source: 'scpi', provenance: 'measured' });
        expect(share?.nodeJoules).toBeGreaterThan(20);
        expect(share?.joules).toBeGreaterThan(0);
        joules += share?.joules ?? 0;
      }
      const { invocation: first } = reports[0] ?? {};
      const { invocation: last } = reports[1] ?? {};
      const from = Math.min(first?.submittedAt ?? 0, last?.submittedAt ?? 0);
      const to = Math.max(first?.endedAt ?? 0, last?.endedAt ?? 0);
      // Together never more than the machine drew; the last answer may be a moment old.
      expect(joules).toBeLessThanOrEqual(100 * (to - from + 0.5));
    } finally {
      await instrument.stop();
    }
  });
});

describe('what functions print', () => {
  it('goes to the log of the invocation, which is made when something is printed', async () => {
    await open();
    const quiet = join(shop.folder, 'logs', 'quiet.log');
    const loud = join(shop.folder, 'logs', 'loud.log');
    const { invocation: silent } = await run('return 1', { logFile: quiet });
    expect(existsSync(quiet)).toBe(false);
    expect(silent.log).toBeUndefined();
    const body = `console.log('one', { two: 2 }); process.stderr.write('three\\n'); context.log('four\\n');`;
    const { invocation } = await run(body, { logFile: loud });
    expect(invocation.log).toBe(loud);
    expect(readFileSync(loud, 'utf8')).toBe('one { two: 2 }\nthree\nfour\n');
  });

  it('is kept up to the limit, however much it is', async () => {
    await open({ logLimitMib: 0.125 });
    const logFile = join(shop.folder, 'much.log');
    const body = `const block = 'x'.repeat(1 << 20); for (let i = 0; i < 256; i++) process.stdout.write(block);`;
    const { invocation } = await run(body, { logFile });
    expect(invocation.status).toBe('done');
    const text = readFileSync(logFile, 'utf8');
    expect(text.length).toBeLessThan(140_000);
    expect(text).toContain(`${(256 << 20) - (128 << 10)} more bytes were printed`);
  });

  it('of commands that share its streams is kept too', async () => {
    await open();
    const logFile = join(shop.folder, 'command.log');
    await run(
      `execFileSync('sh', ['-c', 'echo from a command'], { stdio: 'inherit' }); await new Promise((resolve) => setTimeout(resolve, 100));`,
      { logFile },
      "import { execFileSync } from 'node:child_process';",
    );
    expect(readFileSync(logFile, 'utf8')).toBe('from a command\n');
  });

  it('after the end stays with the invocation that it came from', async () => {
    await open();
    const [first, second] = [join(shop.folder, 'first.log'), join(shop.folder, 'second.log')];
    await run(`console.log('now'); setTimeout(() => console.log('later'), 50);`, { logFile: first });
    await run(`await new Promise((resolve) => setTimeout(resolve, 150)); console.log('mine');`, {
      logFile: second,
    });
    expect(readFileSync(first, 'utf8')).toBe('now\nlater\n');
    expect(readFileSync(second, 'utf8')).toBe('mine\n');
  });
});

/** Resolves when there is no such process any more. */
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
