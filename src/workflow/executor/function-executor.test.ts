import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { Invocation } from '../../model/index.js';
import { folderWith } from '../testing/folder.js';
import { FunctionExecutor } from './function-executor.js';
import type { Future } from './future.js';
import type { FutureList } from './future-list.js';
import type { MapProgress } from './options.js';

const LARGE = 300_000;
function square(n: number): number {
  return n * n;
}

/** Real worker processes: what a function leaves behind for the test to see lies in files. */
describe('FunctionExecutor on the local backend', () => {
  const dataDir = folderWith();
  const scratch = folderWith();
  const invocations: Invocation[] = [];
  let executor: FunctionExecutor;
  const settings = {
    data_dir: dataDir,
    compute: { memory_mib: 128, cpu: 1, local: { max_cpus: 2, max_memory_mib: 4_096, grace_seconds: 0.2 } },
    workflow: { backoff_seconds: 0 },
  };

  beforeAll(async () => {
    executor = await FunctionExecutor.local(settings, { onInvocation: (one) => invocations.push(one) });
  });
  afterAll(() => executor.close());

  it('calls a function in another process, and tells what that took', async () => {
    const future = executor.callAsync((path: string) => `${path} ${process.pid}`, 'in');
    expectTypeOf(future).toEqualTypeOf<Future<string>>();
    expect(future.status).toBe('pending');
    expect(future.invocation).toBeUndefined();
    const [word, pid] = (await future.result()).split(' ');
    expect(word).toBe('in');
    expect(Number(pid)).not.toBe(process.pid);
    expect(future).toMatchObject({ status: 'done', attempts: 1, error: undefined });
    expect(future.invocation?.cpuSeconds).toBeGreaterThan(0);
    expect(invocations.at(-1)).toBe(future.invocation);
  });

  it('maps a list, in its order, with what functions use of their module', async () => {
    const futures = executor.map(async (n: number, { index }) => [square(n), index], [1, 2, 3, 4, 5]);
    expectTypeOf(futures).toEqualTypeOf<FutureList<number[]>>();
    expect(await executor.getResult(futures)).toEqual([
      [1, 0],
      [4, 1],
      [9, 2],
      [16, 3],
      [25, 4],
    ]);
    // A list's futures stay.
    expect(futures.all?.map(({ status }) => status)).toEqual(Array(5).fill('done'));
    expect(await executor.getResult(futures)).toHaveLength(5);
  });

  it('carries whatever a structured clone carries, there and back', async () => {
    const value = {
      map: new Map([[{ a: 1 }, new Set([1n])]]),
      date: new Date(1),
      bytes: new Uint8Array([1, 2]),
      nan: Number.NaN,
      none: undefined,
    };
    expect(await executor.callAsync((given: typeof value) => given, value).result()).toEqual(value);
    expect(await executor.callAsync(() => undefined, undefined).result()).toBeUndefined();
  });

  it('sends large values through the store', async () => {
    const future = executor.callAsync((text: string) => text.toUpperCase(), 'x'.repeat(LARGE));
    expect(await future.result()).toBe('X'.repeat(LARGE));
    expect(future.invocation?.readBytes).toBeGreaterThan(LARGE);
    expect(future.invocation?.writtenBytes).toBeGreaterThan(LARGE);
    expect(future.invocation?.phases.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['read', 'compute', 'write']),
    );
  });

  it('reduces the results of a map in a process, whatever their size', async () => {
    const lengths = executor.mapReduce(
      (n: number) => 'x'.repeat(n),
      [1, LARGE, 200_000, 200_000],
      (texts) => ({ lengths: texts.map(({ length }) => length), pid: process.pid }),
    );
    expectTypeOf(lengths).toEqualTypeOf<Future<{ lengths: number[]; pid: number }>>();
    const { lengths: found, pid } = await lengths.result();
    expect(found).toEqual([1, LARGE, 200_000, 200_000]);
    expect(pid).not.toBe(process.pid);
  });

  it('draws items of an iterator only as far ahead as it may, and hands futures out once', async () => {
    let drawn = 0;
    const endless = function* (): Generator<number> {
      for (;;) yield drawn++;
    };
    const futures = executor.map(square, endless(), { ahead: 5 });
    const results: number[] = [];
    for await (const result of futures.results()) {
      results.push(result);
      expect(drawn).toBeLessThanOrEqual(results.length + 7);
      if (results.length === 20) break;
    }
    futures.cancel();
    expect(results.at(-1)).toBe(361);
    await expect(executor.getResult(futures)).rejects.toThrow('can be gone through only once');
    await expect(executor.wait(futures)).rejects.toThrow('wait() needs a list');
  });

  it('tells an error of the source of items to whoever takes them', async () => {
    const failing = async function* (): AsyncGenerator<number> {
      yield 1;
      throw new Error('no more');
    };
    const taken: number[] = [];
    const take = async (): Promise<void> => {
      for await (const result of executor.map(square, failing()).results()) taken.push(result);
    };
    await expect(take()).rejects.toThrow('no more');
    expect(taken).toEqual([1]);
  });

  it('tells name, item, message and stack of what was thrown', async () => {
    const futures = executor.map(
      (n: number) => {
        if (n === 2) throw new RangeError(`not ${n}`);
        return n;
      },
      [1, 2],
      { name: 'picky', retries: 0 },
    );
    await expect(executor.getResult(futures)).rejects.toMatchObject({
      code: 'run_failed',
      message: 'picky, item 1 failed: RangeError: not 2',
      cause: expect.objectContaining({ name: 'RangeError', message: 'not 2' }),
    });
    const line =
      readFileSync(import.meta.filename, 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('new RangeError(')) + 1;
    const cause = futures.all?.[1]?.error?.cause as Error;
    expect(cause.stack).toContain(`${import.meta.filename}:${line}:`);
    // None of ours between.
    expect(cause.stack?.split('\n')).toHaveLength(2);
    expect(await futures.all?.[0]?.result()).toBe(1);
  });

  it('tries again what failed, and nothing else', async () => {
    const flaky = async ([folder, n]: readonly [string, number]): Promise<number> => {
      const { appendFileSync, readFileSync: read } = await import('node:fs');
      appendFileSync(`${folder}/${n}`, '.');
      if (n === 1 && read(`${folder}/${n}`, 'utf8').length < 3) throw new Error('not yet');
      return n;
    };
    const folder = join(scratch, 'flaky');
    mkdirSync(folder);
    const items = [0, 1, 2].map((n) => [folder, n] as const);
    const futures = executor.map(flaky, items, { retries: 2 });
    expect(await executor.getResult(futures)).toEqual([0, 1, 2]);
    expect(futures.all?.map(({ attempts }) => attempts)).toEqual([1, 3, 1]);
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').length)).toEqual([
      1, 3, 1,
    ]);
  });

  it('costs a crash one attempt', async () => {
    const file = join(scratch, 'crashed');
    const future = executor.callAsync(async (path: string) => {
      const { existsSync: exists, writeFileSync: write } = await import('node:fs');
      if (exists(path)) return 'survived';
      write(path, '');
      process.kill(process.pid, 'SIGKILL');
      return 'killed';
    }, file);
    expect(await future.result()).toBe('survived');
    expect(future.attempts).toBe(2);
  });

  it('does not try again what can never succeed', async () => {
    const future = executor.callAsync(() => ({ list: [() => 1] }), 0, { name: 'f', retries: 5 });
    await expect(future.result()).rejects.toMatchObject({
      code: 'not_serialisable',
      message: "f failed: the result.list[0] is a function, which can't be stored",
    });
    expect(future.attempts).toBe(1);
  });

  it('ends what takes too long', async () => {
    const future = executor.callAsync(() => new Promise(() => setInterval(() => {}, 1_000)), 0, {
      ...{ name: 'slow', timeoutSeconds: 0.5, retries: 0 },
    });
    await expect(future.result()).rejects.toThrow(/^slow took too long/);
    expect(future.status).toBe('timed_out');
  });

  it('ends a call that is cancelled, also by a signal, and goes on with the others', async () => {
    const hang = async (path: string): Promise<never> => {
      const { writeFileSync: write } = await import('node:fs');
      write(path, '');
      return new Promise(() => setInterval(() => {}, 1_000));
    };
    const controller = new AbortController();
    // Watched before there can be anything to see.
    const folder = mkdtempSync(join(scratch, 'hang-'));
    const watcher = watch(folder);
    const begun = once(watcher, 'change');
    const running = executor.callAsync(hang, join(folder, 'begun'), { signal: controller.signal });
    await begun;
    watcher.close();
    controller.abort();
    await expect(running.result()).rejects.toMatchObject({
      code: 'cancelled',
      message: 'hang was cancelled',
    });
    expect(running.status).toBe('cancelled');
    const never = executor.callAsync(hang, join(folder, 'never'));
    never.cancel();
    await expect(never.result()).rejects.toMatchObject({ code: 'cancelled' });
    expect(await executor.callAsync(square, 3).result()).toBe(9);
  });

  it('waits until enough have ended, and tells which', async () => {
    const gate = join(scratch, 'gate');
    const wait = async ([n, path]: readonly [number, string]): Promise<number> => {
      const fs = await import('node:fs');
      // Nothing but a file can be seen from there.
      while (n > 2 && !fs.existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
      return n;
    };
    const futures = executor.map(
      wait,
      [1, 2, 3, 4].map((n) => [n, gate] as const),
    );
    const any = await executor.wait(futures, { until: 'any' });
    expect(any.done.length).toBeGreaterThan(0);
    const half = await executor.wait(futures, { until: 50 });
    expect(half.done.map(({ index }) => index)).toEqual([0, 1]);
    expect(half.pending.map(({ index }) => index)).toEqual([2, 3]);
    const late = await executor.wait(futures, { timeoutSeconds: 0.01 });
    expect(late.pending).toHaveLength(2);
    writeFileSync(gate, '');
    expect((await executor.wait(futures)).pending).toEqual([]);
    await expect(executor.wait(futures, { until: 101 })).rejects.toThrow(/0 to 100/);
  });

  it('tells how far it has come', async () => {
    const told: MapProgress[] = [];
    const futures = executor.map((n: number) => square(n), [1, 2, 3], {
      name: 'sq',
      onProgress: (progress) => told.push(progress),
    });
    await executor.wait(futures);
    expect(told.at(-1)).toEqual({
      function: 'sq',
      total: 3,
      started: 3,
      done: 3,
      failed: 0,
      cancelled: 0,
      retries: 0,
    });
    expect(told).toHaveLength(3);
  });

  it('refuses what can never run before anything runs', async () => {
    const before = invocations.length;
    const outside = Math.random();
    await expect(executor.callAsync(() => outside, 0, { name: 'f' }).result()).rejects.toMatchObject({
      code: 'closure',
      message: expect.stringContaining('f uses "outside"'),
    });
    await expect(executor.callAsync(square, (() => 1) as never).result()).rejects.toThrow(
      "square: its argument is a function, which can't be stored",
    );
    await expect(executor.callAsync(square, 1, { cpu: 1_000 }).result()).rejects.toThrow(
      /^square: 1000 processors are more than/,
    );
    await expect(executor.callAsync(square, 1, { memoryMib: -1 }).result()).rejects.toThrow(
      /memory must be above 0/,
    );
    await expect(executor.callAsync({ module: join(scratch, 'none.ts') }, 1).result()).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(invocations).toHaveLength(before);
  });

  it('fails a reduction by what its map failed by, and leaves the rest of the map undone', async () => {
    const sum = executor.mapReduce(
      (n: number) => {
        if (n === 0) throw new Error('zero');
        return n;
      },
      Array.from({ length: 200 }, (_, n) => n),
      (all) => all.length,
      { name: 'pick', retries: 0, reducer: { name: 'count' } },
    );
    await expect(sum.result()).rejects.toThrow('pick, item 0 failed: zero');
    expect(sum.status).toBe('failed');
  });

  it('keeps what functions print', async () => {
    const future = executor.callAsync(() => console.log('heard'), 0, { name: 'talk er' });
    await future.result();
    expect(readFileSync(future.invocation?.log ?? '', 'utf8')).toBe('heard\n');
  });
});

describe('an executor that is closed', () => {
  it('has cancelled what was open, takes nothing on, and leaves no objects behind', async () => {
    const dataDir = folderWith();
    const executor = await FunctionExecutor.local({ data_dir: dataDir, compute: { memory_mib: 128 } });
    await executor.callAsync((text: string) => text, 'x'.repeat(LARGE)).result();
    expect(existsSync(join(dataDir, 'storage', 'runs'))).toBe(true);
    const open = executor.map(
      () => new Promise(() => setInterval(() => {}, 1_000)),
      Array.from({ length: 50 }),
    );
    await executor.close();
    expect(new Set(open.all?.map(({ status }) => status))).toEqual(new Set(['cancelled']));
    const left = readdirSync(join(dataDir, 'storage'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    expect(left).toEqual([]);
    await expect(executor.callAsync(square, 1).result()).rejects.toMatchObject({ code: 'cancelled' });
    await expect(executor.getResult(executor.map(square, [1]))).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('does the same when its signal is aborted', async () => {
    const controller = new AbortController();
    const executor = await FunctionExecutor.local({ data_dir: folderWith() }, { signal: controller.signal });
    const open = executor.map(square, [1, 2, 3]);
    controller.abort();
    expect((await executor.wait(open)).done.map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    await executor.close();
  });
});
