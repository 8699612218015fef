import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../base/index.js';
import { parseSmi } from '../nvidia/smi.js';
import { compiler, compileStandIn } from '../testing/nvml-stand-in.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { nvidia } from './nvidia.js';

const NO_LIBRARY = 'libwattloop-no-such-library.so.1';
const NO_SMI = 'wattloop-no-such-nvidia-smi';
const NOT_SUPPORTED = 3;
const LOST = 15;

/** A program in place of nvidia-smi. */
function smi(script: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'wattloop-smi-')), 'nvidia-smi');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function world(options: { library?: string; smi?: string }, tree: Tree = {}) {
  const lines: string[] = [];
  const fixture = fixtureHost(tree, { log: createLogger('warn', (line) => lines.push(line)) });
  const source = nvidia({ ...fixture, live: true }, { library: NO_LIBRARY, smi: NO_SMI, ...options });
  const figures = async () =>
    Object.fromEntries(
      (await source.read()).map((r) => [r.device, r.kind === 'counter' ? `${r.joules} J` : `${r.watts} W`]),
    );
  return { source, figures, lines, clock: fixture.clock };
}

describe.skipIf(compiler === undefined)('nvidia by NVML (needs a C compiler)', () => {
  const gpu = compiler === undefined ? undefined : compileStandIn();
  const library = gpu?.path ?? '';

  /** An H100, which counts energy, beside a P40, which tells its power alone. */
  beforeEach(() => {
    gpu?.reset(2);
    gpu?.energy(0, 5_000_000_000n, 0);
    gpu?.energy(1, 0, NOT_SUPPORTED);
    gpu?.power(1, 51_500, 0);
  });

  it('reads the energy counter where there is one, and else the power', async () => {
    const { source, figures } = world({ library });
    await source.open();
    gpu?.energy(0, 5_000_123_456n, 0);
    expect(await figures()).toEqual({ 'gpu-0': '123.456 J', 'gpu-1': '51.5 W' });
    expect(await source.read()).toMatchObject([{ domain: 'gpu' }, { domain: 'gpu' }]);
    await source.close();
    expect(gpu?.started()).toBe(0);
    expect(await source.read()).toEqual([]);
  });

  it('says what it reads and lets go of the library after a probe', async () => {
    gpu?.mig(0, 1, 0);
    expect(await world({ library }).source.probe()).toEqual({
      usable: true,
      domains: ['gpu'],
      note:
        'NVML, driver 550.54.15: gpu-0 NVIDIA H100 80GB HBM3 by energy counter (MIG, as a whole), ' +
        'gpu-1 Tesla P40 by power',
    });
    expect(gpu?.started()).toBe(0);
  });

  it('takes a counter that begins anew for what it is', async () => {
    const { source, figures, lines } = world({ library });
    await source.open();
    gpu?.energy(0, 7_000, 0);
    expect(await figures()).toMatchObject({ 'gpu-0': '0 J' });
    gpu?.energy(0, 9_000, 0);
    expect(await figures()).toMatchObject({ 'gpu-0': '2 J' });
    expect(lines).toHaveLength(2);
  });

  it('goes on without a GPU that is lost, says so once, and takes it up when it is back', async () => {
    const { source, figures, lines } = world({ library });
    await source.open();
    gpu?.energy(0, 0, LOST);
    for (let i = 0; i < 3; i++) expect(await figures()).toEqual({ 'gpu-1': '51.5 W' });
    expect(lines).toHaveLength(1);
    gpu?.energy(0, 5_000_002_000n, 0);
    expect(await figures()).toMatchObject({ 'gpu-0': '2 J' });
  });

  it('fails when no GPU answers any more, saying why', async () => {
    const { source } = world({ library });
    await source.open();
    gpu?.energy(0, 0, LOST);
    gpu?.power(1, 0, LOST);
    await expect(source.read()).rejects.toMatchObject({ code: 'instrument_failed', message: /GPU_IS_LOST/ });
  });

  it('leaves out a power that no board draws', async () => {
    const { source, figures } = world({ library });
    await source.open();
    gpu?.power(1, 4_294_967_295, 0);
    expect(await figures()).toEqual({ 'gpu-0': '0 J' });
  });

  it('names a GPU that gives neither energy nor power, and refuses when none gives any', async () => {
    gpu?.power(1, 0, NOT_SUPPORTED);
    expect(await world({ library }).source.probe()).toMatchObject({
      note: /left out: gpu-1: .*NOT_SUPPORTED/,
    });
    gpu?.energy(0, 0, NOT_SUPPORTED);
    gpu?.power(0, 0, NOT_SUPPORTED);
    const { source } = world({ library });
    expect(await source.probe()).toMatchObject({
      usable: false,
      reason: /NOT_SUPPORTED/,
      remedy: /on the host/,
    });
    await expect(source.open()).rejects.toMatchObject({ code: 'source_unavailable' });
    expect(gpu?.started()).toBe(0);
  });

  it.each([
    [4, 'permission_denied', /does not let this user/, /--gpus all/],
    [9, 'source_unavailable', /driver is not loaded/, /modprobe nvidia/],
    [18, 'source_unavailable', /different versions/, /Restart/],
  ])('explains answer %d of NVML at its start', async (answer, code, reason, remedy) => {
    gpu?.initAnswer(answer);
    const { source } = world({ library });
    expect(await source.probe()).toMatchObject({ usable: false, reason, remedy });
    await expect(source.open()).rejects.toMatchObject({ code, message: reason, remedy });
  });

  it('says so when the driver knows of no GPU', async () => {
    gpu?.reset(0);
    expect(await world({ library }).source.probe()).toMatchObject({ reason: /knows of no GPU/ });
    expect(gpu?.started()).toBe(0);
  });
});

describe('nvidia by nvidia-smi', () => {
  const TWO = [
    '0, GPU-8f6cfd0c-7b1a-4b4e-9c5b-0123456789ab, NVIDIA A100-SXM4-40GB, 55.32',
    '1, GPU-8f6cfd0c-7b1a-4b4e-9c5b-0123456789ac, NVIDIA GeForce GT 710, [N/A]',
  ];

  it.each([
    ['55.32', { watts: 55.32 }],
    ['[N/A]', { why: 'N/A' }],
    ['N/A', { why: 'N/A' }],
    ['[Not Supported]', { why: 'Not Supported' }],
    ['[GPU requires reset]', { why: 'GPU requires reset' }],
    ['[Unknown Error]', { why: 'Unknown Error' }],
    ['-3', { why: '-3' }],
  ])('understands a power of %s', (power, expected) => {
    expect(parseSmi(`3, GPU-1, NVIDIA X, ${power}\n`)).toEqual([
      { index: 3, uuid: 'GPU-1', model: 'NVIDIA X', ...expected },
    ]);
  });

  it('passes on lines that name no GPU', () => {
    const odd: string[] = [];
    const text = `Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error\n\n${TWO[0]}\n`;
    expect(parseSmi(text, (line) => odd.push(line))).toHaveLength(1);
    expect(odd).toEqual([expect.stringMatching(/^Unable/)]);
  });

  it('reads power where the library can not be loaded', async () => {
    const { source, figures } = world({ smi: smi(`printf '%s\\n' '${TWO.join("' '")}'`) });
    expect(await source.probe()).toMatchObject({
      usable: true,
      note: /gpu-0 NVIDIA A100-SXM4-40GB; left out: gpu-1: N\/A/,
    });
    await source.open();
    expect(source.interval).toBe(1);
    expect(await figures()).toEqual({ 'gpu-0': '55.32 W' });
    await source.close();
  });

  it('keeps the GPUs that are listed when another one made the status bad', async () => {
    const { source, figures } = world({ smi: smi(`echo '${TWO[0]}'; exit 15`) });
    await source.open();
    expect(await figures()).toEqual({ 'gpu-0': '55.32 W' });
  });

  it('fails when nvidia-smi does, with its words', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'wattloop-smi-')), 'broken');
    const script = `[ -e ${state} ] && { echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18; }\necho '${TWO[0]}'`;
    const { source } = world({ smi: smi(script) });
    await source.open();
    writeFileSync(state, '');
    await expect(source.read()).rejects.toMatchObject({
      code: 'instrument_failed',
      message: /version mismatch/,
      remedy: /Restart the machine/,
    });
  });
});

describe('nvidia where there is none', () => {
  it('says whether there is no card, or a card without its driver', async () => {
    expect(await world({}).source.probe()).toMatchObject({ usable: false, reason: /no NVIDIA GPU/ });
    const card = { 'sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n' };
    const display = { ...card, 'sys/bus/pci/devices/0000:01:00.0/class': '0x030200\n' };
    expect(await world({}, display).source.probe()).toMatchObject({
      reason: /there is an NVIDIA card/,
      remedy: /Install the NVIDIA driver/,
    });
    const sound = { ...card, 'sys/bus/pci/devices/0000:01:00.0/class': '0x040300\n' };
    expect(await world({}, sound).source.probe()).toMatchObject({ reason: /no NVIDIA GPU/ });
  });

  it('does not take this machine for the one in a fixture', async () => {
    const source = nvidia(fixtureHost({}));
    expect(await source.probe()).toMatchObject({ usable: false, remedy: /--procfs/ });
    await expect(source.open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });
});
