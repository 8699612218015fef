import { describe, expect, it } from 'vitest';
import type { CpuIdentity } from '../../model/index.js';
import { wattsAt } from './power-model.js';
import { estimateFor, tdpRow } from './tdp-row.js';

const XEON: CpuIdentity = {
  model: 'Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz',
  vendor: 'GenuineIntel',
  architecture: 'x64',
  family: 6,
  modelNumber: 85,
  stepping: 7,
  coresPhysical: 48,
  coresLogical: 96,
  sockets: 2,
};
const small = (identity: CpuIdentity, coresLogical: number): CpuIdentity => ({
  ...identity,
  coresLogical,
  coresPhysical: Math.ceil(coresLogical / 2),
  sockets: 1,
});
const GENOA: CpuIdentity = {
  ...XEON,
  model: 'AMD EPYC',
  vendor: 'AuthenticAMD',
  family: 25,
  modelNumber: 17,
  stepping: 1,
};
const TURIN: CpuIdentity = {
  ...GENOA,
  model: 'AMD EPYC 9965 192-Core Processor',
  family: 26,
  modelNumber: 17,
};
const GRAVITON: CpuIdentity = {
  model: 'Neoverse-N1',
  vendor: 'ARM',
  architecture: 'arm64',
  implementer: 0x41,
  part: 0xd0c,
  coresPhysical: 2,
  coresLogical: 2,
  sockets: 1,
};
const UNKNOWN: CpuIdentity = {
  model: '',
  vendor: '',
  architecture: 'x64',
  coresPhysical: 4,
  coresLogical: 8,
  sockets: 1,
};

const span = (identity: CpuIdentity, context: Parameters<typeof estimateFor>[1] = {}) => {
  const { model } = estimateFor(identity, context);
  return [wattsAt(model, 0), wattsAt(model, 1)].map((watts) => Number(watts.toFixed(2)));
};

describe('tdpRow', () => {
  it('says what it goes by', () => {
    expect(tdpRow(XEON)).toEqual({
      watts: 210,
      row: 'Xeon Platinum 8259CL',
      source: expect.stringContaining('if-data'),
      isDefault: false,
    });
    expect(tdpRow(UNKNOWN)).toMatchObject({ row: 'default', isDefault: true });
    expect(tdpRow(UNKNOWN, { settings: { watts: 70 } })).toEqual({
      watts: 70,
      row: 'settings',
      source: 'sources.tdp.watts',
      isDefault: false,
    });
  });
});

describe('estimateFor bare metal', () => {
  it('counts every socket, from 12 to 102 % of its design power', () => {
    expect(span(XEON)).toEqual([50.4, 428.4]);
    expect(estimateFor(XEON)).toMatchObject({ uncertainty: 0.25, note: expect.stringMatching(/^2 × Xeon/) });
  });

  it('takes the idle and full power of a board as they were measured', () => {
    const pi = { ...GRAVITON, part: 0xd08, board: 'Raspberry Pi 4 Model B Rev 1.4' };
    expect(span(pi)).toEqual([2.7, 6.4]);
  });

  it('does as the settings say', () => {
    expect(span(small(XEON, 48), { settings: { watts: 100 } })).toEqual([12, 102]);
    expect(span(small(XEON, 48), { settings: { watts: 100, idle_watts: 40 } })).toEqual([40, 102]);
    expect(estimateFor(UNKNOWN, { settings: { watts: 100 } }).uncertainty).toBe(0.25);
  });

  it('is least sure of what it does not know', () => {
    expect(estimateFor(GENOA).uncertainty).toBe(0.35);
    expect(estimateFor(UNKNOWN).uncertainty).toBe(0.5);
  });
});

describe('estimateFor a virtual machine', () => {
  const isVirtual = true;

  it('gives each vCPU its part of the socket and not the whole', () => {
    expect(span(small(XEON, 2), { isVirtual })).toEqual([1.38, 8.13]);
    expect(span(small(GENOA, 2), { isVirtual })).toEqual([1.48, 4.56]);
    expect(span(small(GENOA, 8), { isVirtual })).toEqual([5.91, 18.26]);
    expect(estimateFor(small(GENOA, 2), { isVirtual })).toMatchObject({
      uncertainty: 0.35,
      note: expect.stringMatching(/virtual machine: its share of the host by vCPUs, 2 × 0\.74 to 2\.28 W/),
    });
    expect(estimateFor(small(XEON, 2), { isVirtual }).uncertainty).toBe(0.3);
  });

  it('is linear: what the neighbours do is not known', () => {
    const { model } = estimateFor(small(XEON, 2), { isVirtual });
    expect(wattsAt(model, 0.5)).toBeCloseTo((wattsAt(model, 0) + wattsAt(model, 1)) / 2);
  });

  it('shares the design power by threads where the coefficients are not to be believed', () => {
    // 500 W over 384 threads.
    expect(span(small(TURIN, 4), { isVirtual })).toEqual([0.63, 5.31]);
    // 110 W over 64 cores, which have one thread each.
    expect(span(GRAVITON, { isVirtual, systemVendor: 'Amazon EC2' })).toEqual([0.41, 3.51]);
  });

  it('takes the cores of the settings for those of the host', () => {
    const settings = { watts: 200, cores: 50 };
    expect(span(small(GENOA, 2), { isVirtual, settings })).toEqual([0.48, 4.08]);
    // Without cores the watts are those of the cores that the machine sees.
    expect(span(small(GENOA, 2), { isVirtual, settings: { watts: 10 } })).toEqual([1.2, 10.2]);
  });
});
