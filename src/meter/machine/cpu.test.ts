import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import {
  EPYC_VM,
  GRAVITON2,
  JETSON_ORIN,
  JETSON_TX2,
  RASPBERRY_PI_4,
  XEON_TWO_SOCKETS,
} from '../testing/machines.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { readCpuIdentity } from './cpu.js';

const identity = (tree: Tree) => readCpuIdentity(fixtureHost(tree));
const withoutSysfs = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => !key.startsWith('sys/devices')));

describe('the processor', () => {
  const XEON = {
    model: 'Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz',
    vendor: 'GenuineIntel',
    architecture: 'x64',
    family: 6,
    modelNumber: 85,
    stepping: 7,
    coresPhysical: 24,
    coresLogical: 48,
    sockets: 2,
  };

  it('is a two-socket Xeon, by sysfs or by cpuinfo alone', () => {
    expect(identity(XEON_TWO_SOCKETS)).toEqual(XEON);
    expect(identity(withoutSysfs(XEON_TWO_SOCKETS))).toEqual(XEON);
  });

  it('is an EPYC in a virtual machine', () => {
    expect(identity(EPYC_VM)).toMatchObject({
      vendor: 'AuthenticAMD',
      family: 25,
      modelNumber: 1,
      coresPhysical: 4,
      sockets: 4,
    });
  });

  it('is a Graviton2 by implementer and part', () => {
    expect(identity(GRAVITON2)).toEqual({
      model: 'Neoverse-N1',
      vendor: 'ARM',
      architecture: 'arm64',
      implementer: 0x41,
      part: 0xd0c,
      stepping: 1,
      coresPhysical: 4,
      coresLogical: 4,
      sockets: 1,
    });
  });

  it('is a Raspberry Pi 4, which is also named by its board', () => {
    expect(identity(RASPBERRY_PI_4)).toMatchObject({
      model: 'Cortex-A72',
      architecture: 'arm64',
      board: 'Raspberry Pi 4 Model B Rev 1.4',
      coresLogical: 4,
      sockets: 1,
    });
  });

  it('is a Jetson: the most numerous core of a mixed board, and one socket whatever its clusters are called', () => {
    expect(identity(JETSON_TX2)).toMatchObject({
      model: 'Cortex-A57',
      part: 0xd07,
      board: 'quill',
      coresPhysical: 6,
      sockets: 1,
    });
    expect(identity(JETSON_ORIN)).toMatchObject({ model: 'Cortex-A78AE', coresPhysical: 12, sockets: 1 });
  });

  it('is told by number where nobody has named it', () => {
    const tree = {
      'proc/cpuinfo': 'processor\t: 0\nCPU implementer\t: 0x7a\nCPU architecture: 8\nCPU part\t: 0xfff\n',
    };
    expect(identity(tree)).toMatchObject({
      vendor: '0x7a',
      model: 'part 0xfff',
      implementer: 0x7a,
      part: 0xfff,
    });
  });

  it('is RISC-V by its instruction set', () => {
    const tree = {
      'proc/cpuinfo':
        'processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n',
    };
    expect(identity(tree)).toMatchObject({
      architecture: 'riscv64',
      model: 'sifive,u74-mc',
      coresLogical: 1,
    });
  });

  it('is 32-bit ARM where the kernel is', () => {
    const tree = {
      'proc/cpuinfo':
        'processor\t: 0\nmodel name\t: ARMv7 Processor rev 3 (v7l)\nCPU implementer\t: 0x41\nCPU architecture: 7\nCPU part\t: 0xd08\nCPU revision\t: 3\n\nHardware\t: BCM2711\n',
    };
    expect(identity(tree)).toMatchObject({ architecture: 'arm', model: 'Cortex-A72', coresLogical: 1 });
  });

  it.each<Tree>([{}, { 'proc/cpuinfo': '' }, { 'proc/cpuinfo': 'garbage\n\n: : :\n' }])(
    'is unknown, not guessed, in %j',
    (tree) => {
      expect(identity(tree)).toMatchObject({ model: '', vendor: '', coresPhysical: 0, coresLogical: 0 });
    },
  );

  it('is known on this machine', () => {
    const cpu = readCpuIdentity(createHost({ log: silentLogger }));
    expect(cpu.architecture).toBe(process.arch);
    expect(cpu.coresLogical).toBeGreaterThanOrEqual(availableParallelism());
    expect(cpu.coresPhysical).toBeGreaterThanOrEqual(cpu.sockets);
    expect(cpu.sockets).toBeGreaterThanOrEqual(1);
  });
});
