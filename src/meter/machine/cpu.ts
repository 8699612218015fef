import { arch } from 'node:os';
import { type Host, readTextIfAny } from '../../base/index.js';
import type { CpuIdentity } from '../../model/index.js';
import { implementerName, partName } from './arm-parts.js';
import { commonest, parseCpuinfo } from './cpuinfo.js';
import { readTopology } from './topology.js';

type Cpu = ReadonlyMap<string, string>;

/** The board's name from the device tree, which ends it with a zero byte. */
function readBoard(host: Host): string | undefined {
  const text =
    readTextIfAny(host.proc('device-tree/model')) ??
    readTextIfAny(host.sys('firmware/devicetree/base/model'));
  const name = text?.replaceAll('\0', '').trim();
  return name === '' ? undefined : name;
}

function integer(text: string | undefined): number | undefined {
  const value = Number(text === undefined || text === '' ? Number.NaN : text);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** By what cpuinfo looks like, as a copied tree can be another machine's; else this machine's. */
function architectureOf(cpu: Cpu | undefined): string {
  if (cpu?.has('vendor_id') && cpu.has('flags'))
    return /\blm\b/.test(cpu.get('flags') ?? '') ? 'x64' : 'ia32';
  if (cpu?.has('CPU implementer')) return cpu.get('CPU architecture') === '8' ? 'arm64' : 'arm';
  if (cpu?.has('isa')) return cpu.get('isa')?.startsWith('rv32') ? 'riscv32' : 'riscv64';
  return arch();
}

/** 32-bit kernels on 64-bit cores say 8 too, but name the model in a line that 64-bit kernels do not have. */
function isThirtyTwoBit(cpu: Cpu): boolean {
  return /^ARMv[678] Processor.*\((v[678]l)\)$/.test(cpu.get('model name') ?? '');
}

function armIdentity(cpus: readonly Cpu[]): Partial<CpuIdentity> {
  // Boards mix large and small cores: the most numerous stands for all.
  const kind = commonest(
    cpus.map((cpu) => `${cpu.get('CPU implementer') ?? ''} ${cpu.get('CPU part') ?? ''}`),
  );
  const cpu = cpus.find((one) => `${one.get('CPU implementer') ?? ''} ${one.get('CPU part') ?? ''}` === kind);
  const implementer = integer(cpu?.get('CPU implementer'));
  const part = integer(cpu?.get('CPU part'));
  if (implementer === undefined) return {};
  return {
    vendor: implementerName(implementer),
    implementer,
    ...(part === undefined ? {} : { part, model: partName(implementer, part) }),
    ...optional('stepping', integer(cpu?.get('CPU revision'))),
  };
}

function x86Identity(cpu: Cpu): Partial<CpuIdentity> {
  return {
    model: (cpu.get('model name') ?? '').replace(/\s+/g, ' '),
    ...optional('family', integer(cpu.get('cpu family'))),
    ...optional('modelNumber', integer(cpu.get('model'))),
    ...optional('stepping', integer(cpu.get('stepping'))),
  };
}

const optional = <Key extends keyof CpuIdentity>(
  key: Key,
  value: CpuIdentity[Key] | undefined,
): Partial<CpuIdentity> => (value === undefined ? {} : { [key]: value });

/** Which processor this machine has. What can't be told is empty or absent, never guessed. */
export function readCpuIdentity(host: Host): CpuIdentity {
  const blocks = parseCpuinfo(readTextIfAny(host.proc('cpuinfo')) ?? '');
  const cpus = blocks.filter((block) => integer(block.get('processor')) !== undefined);
  const [cpu] = cpus;
  const architecture = cpu && isThirtyTwoBit(cpu) ? 'arm' : architectureOf(cpu);
  const board = readBoard(host);
  const isArm = cpu?.has('CPU implementer') ?? false;
  return {
    // On architectures that are neither ARM nor x86 this is all there is.
    model: cpu?.get('model name') ?? cpu?.get('uarch') ?? '',
    vendor: cpu?.get('vendor_id') ?? '',
    architecture,
    ...(isArm ? armIdentity(cpus) : cpu?.has('vendor_id') ? x86Identity(cpu) : {}),
    ...optional('board', board),
    ...readTopology(host, cpus, isArm && board !== undefined),
  };
}
