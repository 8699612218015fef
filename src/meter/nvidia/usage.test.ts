import { beforeEach, describe, expect, it } from 'vitest';
import { compiler, compileStandIn } from '../testing/nvml-stand-in.js';
import { fixtureHost } from '../testing/tree.js';
import { nvidiaUsage } from './usage.js';

describe.skipIf(compiler === undefined)('nvidiaUsage (needs a C compiler)', () => {
  const gpu = compiler === undefined ? undefined : compileStandIn();
  beforeEach(() => gpu?.reset(2));

  async function opened() {
    const host = fixtureHost({ 'proc/11/comm': 'python\n', 'proc/12/comm': 'train\n' });
    const reader = nvidiaUsage(host, { library: gpu?.path ?? '' });
    await reader.open();
    /** A sample of so much use, at the host's present time. */
    const use = (index: number, pid: number, percent: number): void => {
      gpu?.sample(index, pid, BigInt(Math.round(host.clock.wall() * 1e6)), percent);
    };
    return { host, reader, use };
  }

  it('tells how long and with how much memory each process uses each GPU', async () => {
    const { host, reader, use } = await opened();
    expect(await reader.processes()).toEqual([]);
    host.clock.advance(2);
    use(0, 11, 50);
    use(1, 12, 100);
    gpu?.process(0, 11, 3n << 20n);
    gpu?.process(0, 11, 1n << 20n);
    gpu?.process(1, 12, 0xffff_ffff_ffff_ffffn);
    expect(await reader.processes()).toEqual([
      { device: 'gpu-0', pid: 11, at: 2, busySeconds: 1, memoryMib: 4 },
      { device: 'gpu-1', pid: 12, at: 2, busySeconds: 2 },
    ]);
    await reader.close();
    expect(gpu?.started()).toBe(0);
  });

  it('tells of a process once more after it ended, and begins anew for the next with its pid', async () => {
    const { host, reader, use } = await opened();
    host.clock.advance(1);
    use(0, 99, 100);
    expect(await reader.processes()).toMatchObject([{ pid: 99, busySeconds: 1 }]);
    host.clock.advance(1);
    expect(await reader.processes()).toMatchObject([{ pid: 99, busySeconds: 1 }]);
    host.clock.advance(1);
    expect(await reader.processes()).toEqual([]);
    use(0, 99, 100);
    host.clock.advance(1);
    use(0, 99, 10);
    expect((await reader.processes())[0]?.busySeconds).toBeCloseTo(0.1);
  });

  it('goes on counting for a process that was idle for a while', async () => {
    const { host, reader, use } = await opened();
    host.clock.advance(1);
    use(0, 11, 100);
    for (let i = 0; i < 4; i++) {
      await reader.processes();
      host.clock.advance(1);
    }
    use(0, 11, 50);
    expect(await reader.processes()).toMatchObject([{ pid: 11, busySeconds: 1.5 }]);
  });

  it('gives memory alone of a GPU that is split, and does not ask it who is busy', async () => {
    gpu?.mig(0, 1, 0);
    gpu?.utilizationAnswer(0, 15);
    gpu?.process(0, 11, 1n << 20n);
    const { reader } = await opened();
    expect(await reader.processes()).toEqual([{ device: 'gpu-0', pid: 11, at: 0, memoryMib: 1 }]);
  });

  it('gives memory alone of a GPU that does not tell who is busy', async () => {
    gpu?.utilizationAnswer(0, 3);
    gpu?.process(0, 11, 1n << 20n);
    const { reader } = await opened();
    expect(await reader.processes()).toEqual([{ device: 'gpu-0', pid: 11, at: 0, memoryMib: 1 }]);
  });

  it('goes on without a GPU that is lost, and fails when all are', async () => {
    gpu?.process(1, 12, 1n << 20n);
    const { reader } = await opened();
    gpu?.processesAnswer(0, 15);
    expect(await reader.processes()).toMatchObject([{ device: 'gpu-1', pid: 12 }]);
    gpu?.processesAnswer(1, 15);
    await expect(reader.processes()).rejects.toMatchObject({ name: 'WattloopError', message: /GPU_IS_LOST/ });
  });

  it('does not open without a driver', async () => {
    gpu?.initAnswer(9);
    await expect(opened()).rejects.toMatchObject({ code: 'source_unavailable', remedy: /modprobe nvidia/ });
  });
});
