import { beforeEach, describe, expect, it } from 'vitest';
import { compiler, compileStandIn } from '../testing/nvml-stand-in.js';
import { Nvml } from './nvml.js';

describe.skipIf(compiler === undefined)('Nvml (needs a C compiler)', () => {
  const standIn = compiler === undefined ? undefined : compileStandIn();
  const old = compiler === undefined ? undefined : compileStandIn('-DOLD_DRIVER');

  beforeEach(() => {
    standIn?.reset(2);
    old?.reset(1);
  });

  async function started(library = standIn) {
    const nvml = await Nvml.load(library?.path ?? '');
    await nvml.init();
    return nvml;
  }

  it('reads texts and numbers through pointers', async () => {
    const nvml = await started();
    expect(await nvml.driverVersion()).toBe('550.54.15');
    expect(await nvml.deviceCount()).toBe(2);
    const second = await nvml.device(1);
    expect(await nvml.name(second)).toBe('Tesla P40');
    expect(await nvml.uuid(second)).toBe('GPU-00000000-1111-2222-3333-444444444441');
    await nvml.shutdown();
    expect(standIn?.started()).toBe(0);
  });

  it('keeps all 64 bits of an energy and all 32 of a power', async () => {
    const nvml = await started();
    const gpu = await nvml.device(0);
    standIn?.energy(0, 0xfedc_ba98_7654_3211n, 0);
    standIn?.power(0, 0xffff_fffe, 0);
    expect(await nvml.energyMillijoules(gpu)).toBe(0xfedc_ba98_7654_3211n);
    expect(await nvml.powerMilliwatts(gpu)).toBe(0xffff_fffen);
  });

  it('reads the samples of processes after a time, each field from its place', async () => {
    const nvml = await started();
    const gpu = await nvml.device(0);
    standIn?.sample(0, 4_294_967_290, 1_700_000_000_000_001n, 55);
    standIn?.sample(0, 17, 1_700_000_000_500_000n, 100);
    expect(await nvml.utilization(gpu, 0n)).toEqual([
      { pid: 4_294_967_290, timestamp: 1_700_000_000_000_001n, smPercent: 55 },
      { pid: 17, timestamp: 1_700_000_000_500_000n, smPercent: 100 },
    ]);
    expect(await nvml.utilization(gpu, 1_700_000_000_000_001n)).toMatchObject([{ pid: 17 }]);
    expect(await nvml.utilization(gpu, 1_700_000_000_500_000n)).toEqual([]);
  });

  it('reads more processes than it guessed, and memory that is not told', async () => {
    const nvml = await started();
    const gpu = await nvml.device(0);
    expect(await nvml.computeProcesses(gpu)).toEqual([]);
    for (let pid = 1; pid <= 40; pid++) standIn?.process(0, pid, BigInt(pid) << 33n);
    standIn?.process(0, 41, 0xffff_ffff_ffff_ffffn);
    const found = await nvml.computeProcesses(gpu);
    expect(found).toHaveLength(41);
    expect(found[39]).toEqual({ pid: 40, memoryBytes: 40n << 33n });
    expect(found[40]).toEqual({ pid: 41 });
  });

  it('uses the first version of a call, with its shorter struct, of an old driver', async () => {
    const nvml = await started(old);
    const gpu = await nvml.device(0);
    old?.process(0, 7, 1n << 20n);
    old?.process(0, 8, 2n << 20n);
    expect(await nvml.computeProcesses(gpu)).toEqual([
      { pid: 7, memoryBytes: 1n << 20n },
      { pid: 8, memoryBytes: 2n << 20n },
    ]);
  });

  it('knows whether a GPU is split, and that one that can not be is not', async () => {
    const nvml = await started();
    const gpu = await nvml.device(0);
    standIn?.mig(0, 1, 0);
    expect(await nvml.migEnabled(gpu)).toBe(true);
    standIn?.mig(0, 0, 3);
    expect(await nvml.migEnabled(gpu)).toBe(false);
  });

  it.each([
    [3, /GetPowerUsage: .*\(NVML_ERROR_NOT_SUPPORTED\)/, /measure on the host/],
    [4, /NO_PERMISSION/, /--gpus all/],
    [15, /fell off the bus.*GPU_IS_LOST/, /Reset it or restart/],
    [16, /RESET_REQUIRED/, /--gpu-reset/],
    [77, /does not know \(code 77\)/, /nvidia-smi/],
  ])('names the answer %d and what would help', async (code, message, remedy) => {
    const nvml = await started();
    const gpu = await nvml.device(0);
    standIn?.power(0, 0, code);
    await expect(nvml.powerMilliwatts(gpu)).rejects.toMatchObject({ code, message, remedy });
  });

  it('says why NVML does not start', async () => {
    standIn?.initAnswer(18);
    await expect(started()).rejects.toMatchObject({
      message: /library and the loaded kernel driver have different versions.*LIB_RM_VERSION_MISMATCH/,
      remedy: /Restart the machine/,
    });
  });

  it('answers many questions at once', async () => {
    const nvml = await started();
    const gpus = await Promise.all([nvml.device(0), nvml.device(1)]);
    standIn?.energy(0, 10, 0);
    standIn?.energy(1, 20, 0);
    const asked = Array.from({ length: 50 }, (_, i) => nvml.energyMillijoules(gpus[i % 2] ?? 0n));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 10n : 20n)));
  });

  it('does not load what is not there', async () => {
    await expect(Nvml.load('libwattloop-no-such-library.so.1')).rejects.toThrow(/No such file/);
  });
});
