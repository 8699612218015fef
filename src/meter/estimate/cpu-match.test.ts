import { describe, expect, it } from 'vitest';
import type { CpuIdentity } from '../../model/index.js';
import { matchCpu } from './cpu-match.js';

const cpu = (model: string, more: Partial<CpuIdentity> = {}): CpuIdentity => ({
  model,
  vendor: model.includes('AMD') ? 'AuthenticAMD' : 'GenuineIntel',
  architecture: 'x64',
  coresPhysical: 4,
  coresLogical: 8,
  sockets: 1,
  ...more,
});

const arm = (implementer: number, part: number, board?: string): CpuIdentity => ({
  model: '',
  vendor: 'ARM',
  architecture: 'arm64',
  implementer,
  part,
  ...(board === undefined ? {} : { board }),
  coresPhysical: 4,
  coresLogical: 4,
  sockets: 1,
});

describe('matchCpu', () => {
  it.each([
    ['Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz', 'Xeon Platinum 8259CL', 24, 210],
    ['Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz', 'Xeon Platinum 8275CL', 24, 240],
    ['Intel(R) Xeon(R) Platinum 8175M CPU @ 2.50GHz', 'Xeon Platinum 8175M', 24, 240],
    ['Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz', 'Xeon Platinum 8375C', 32, 300],
    ['Intel(R) Xeon(R) Platinum 8480+', 'Xeon Platinum 8480+', 56, 350],
    ['INTEL(R) XEON(R) PLATINUM 8592+', 'Xeon Platinum 8592+', 64, 350],
    ['Intel(R) Xeon(R) 6980P', 'Xeon 6980P', 128, 500],
    ['Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz', 'Xeon Gold 6226', 12, 125],
    ['Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz', 'Xeon E5-2686 v4', 18, 145],
    ['Intel(R) Xeon(R) CPU E5-2650 0 @ 2.00GHz', 'Xeon E5-2650', 8, 95],
    ['Intel(R) Xeon(R) CPU E3-1230 v6 @ 3.50GHz', 'Xeon E3-1230 v6', 4, 72],
    ['Intel(R) Xeon(R) CPU D-1541 @ 2.10GHz', 'Xeon D-1541', 8, 45],
    ['Intel(R) Xeon(R) E-2288G CPU @ 3.70GHz', 'Xeon E-2288G', 8, 95],
    ['AMD EPYC 7R32', 'EPYC 7R32', 48, 280],
    ['AMD EPYC 7571', 'EPYC 7571', 32, 200],
    ['AMD EPYC 7763 64-Core Processor', 'EPYC 7763', 64, 280],
    ['AMD EPYC 7302P 16-Core Processor', 'EPYC 7302', 16, 155],
    ['AMD EPYC 7232P 8-Core Processor', 'EPYC 7232P', 8, 120],
    ['AMD EPYC 9654P 96-Core Processor', 'EPYC 9654', 96, 360],
    ['12th Gen Intel(R) Core(TM) i7-12700', 'Core i7-12700', 12, 65],
    ['Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz', 'Core i7-8650U', 4, 15],
    ['Intel(R) Core(TM) Ultra 7 155H', 'Core Ultra 7 155H', 16, 28],
    ['Intel(R) N100', 'N100', 4, 6],
    ['AMD Ryzen 9 7950X 16-Core Processor', 'Ryzen 9 7950X', 16, 170],
    ['AMD Ryzen 7 PRO 4750U with Radeon Graphics', 'Ryzen 7 PRO 4750U', 8, 15],
    ['AMD Ryzen Threadripper PRO 5995WX 64-Cores', 'Ryzen Threadripper PRO 5995WX', 64, 280],
    ['AMD Ryzen AI 9 HX 370 w/ Radeon 890M', 'Ryzen AI 9 HX 370', 12, 28],
  ])('knows %s', (model, row, cores, watts) => {
    expect(matchCpu(cpu(model))).toMatchObject({ kind: 'model', row, cores, watts });
  });

  it.each([
    ['AMD EPYC', 25, 17, 1, 'EPYC 4th Gen'],
    ['AMD EPYC 9R14', 25, 17, 1, 'EPYC 4th Gen'],
    ['AMD EPYC-Rome Processor', 23, 49, 0, 'EPYC 2nd Gen'],
    ['AMD EPYC Processor (with IBPB)', 23, 1, 2, 'EPYC 1st Gen'],
    ['AMD EPYC 9R45', 26, 2, 1, 'EPYC 5th Gen'],
    ['Intel(R) Xeon(R) CPU @ 2.20GHz', 6, 79, 0, 'Broadwell'],
    ['Intel(R) Xeon(R) CPU @ 2.00GHz', 6, 85, 3, 'Skylake'],
    ['Intel(R) Xeon(R) CPU @ 2.80GHz', 6, 85, 7, 'Cascade Lake'],
    ['Intel Xeon Processor (Icelake)', 6, 106, 6, 'Ice Lake'],
    ['Intel(R) Xeon(R) Platinum 8488C', 6, 143, 8, 'Sapphire Rapids'],
  ])('finds the generation of %s', (model, family, modelNumber, stepping, row) => {
    const match = matchCpu(cpu(model, { family, modelNumber, stepping }));
    expect(match).toMatchObject({ kind: 'generation', row, cores: 4 });
    expect(match.watts / match.cores).toBeGreaterThan(2);
    expect(match.watts / match.cores).toBeLessThan(16);
  });

  it('does not take an AMD family for an Intel one', () => {
    const numbers = { family: 6, modelNumber: 106, vendor: 'AuthenticAMD' };
    expect(matchCpu(cpu('QEMU Virtual CPU version 2.5+', numbers)).kind).toBe('default');
  });

  it('finds the class of a laptop that the table does not have', () => {
    const match = matchCpu(cpu('13th Gen Intel(R) Core(TM) i7-13650HX'));
    expect(match).toMatchObject({ kind: 'generation', row: 'core …HX', watts: 55 });
  });

  it.each([
    [arm(0x41, 0xd0c), 'Amazon EC2', 'Graviton2', 'model'],
    [arm(0x41, 0xd0c), 'Lenovo', 'Altra Q80-30', 'model'],
    [arm(0x41, 0xd40), 'Amazon EC2', 'Graviton3', 'model'],
    [arm(0x41, 0xd4f), 'Amazon EC2', 'Graviton4', 'generation'],
    [arm(0x41, 0xd4f), 'NVIDIA', 'Grace', 'model'],
    [arm(0x41, 0xd08), 'Amazon EC2', 'Graviton', 'model'],
    [arm(0xc0, 0xac3), '', 'AmpereOne', 'model'],
    [arm(0x43, 0x0af), '', 'ThunderX2 CN9980', 'model'],
    [arm(0x41, 0xd0b, 'Raspberry Pi 5 Model B Rev 1.0'), '', 'Raspberry Pi 5', 'model'],
    [arm(0x41, 0xd08, 'Raspberry Pi 4 Model B Rev 1.4'), '', 'Raspberry Pi 4', 'model'],
    [arm(0x41, 0xd03, 'Raspberry Pi 3 Model B Plus Rev 1.3'), '', 'Raspberry Pi 3 Plus', 'model'],
    [arm(0x41, 0xd03, 'Raspberry Pi 3 Model B Rev 1.2'), '', 'Raspberry Pi 3', 'model'],
    [arm(0x41, 0xd42, 'NVIDIA Jetson AGX Orin Developer Kit'), '', 'Jetson AGX Orin', 'model'],
    [arm(0x41, 0xd42, 'NVIDIA Jetson Orin Nano Developer Kit'), '', 'Jetson Orin Nano', 'model'],
    [arm(0x41, 0xd57, 'NVIDIA Jetson Nano Developer Kit'), '', 'Jetson Nano', 'model'],
    [arm(0x4e, 0x004, 'NVIDIA Jetson Xavier NX Developer Kit'), '', 'Jetson Xavier NX', 'model'],
    [arm(0x4e, 0x004, 'Jetson-AGX'), '', 'Jetson AGX Xavier', 'model'],
  ])('tells ARM processors apart (%#)', (identity, vendor, row, kind) => {
    expect(matchCpu(identity, vendor)).toMatchObject({ row, kind });
  });

  it('assumes a stated default for what it does not know', () => {
    const unknown = matchCpu(cpu('', { vendor: '', coresPhysical: 16, sockets: 2 }));
    expect(unknown).toMatchObject({ kind: 'default', cores: 8 });
    expect(unknown.watts).toBeGreaterThan(8);
    expect(unknown.source).toMatch(/median of this table's x86 processors: \d+\.\d\d W a core/);
    const board = matchCpu(arm(0x41, 0xfff));
    expect(board).toMatchObject({ kind: 'default', threads: 1 });
    expect(board.watts).toBeGreaterThan(0);
  });
});
