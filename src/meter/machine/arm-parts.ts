/** Who licensed or designed a core, by the implementer code of the main identification register (MIDR). */
const IMPLEMENTERS: Readonly<Record<number, string>> = {
  65: 'ARM',
  66: 'Broadcom',
  67: 'Cavium',
  70: 'Fujitsu',
  72: 'HiSilicon',
  78: 'NVIDIA',
  80: 'APM',
  81: 'Qualcomm',
  83: 'Samsung',
  86: 'Marvell',
  97: 'Apple',
  109: 'Microsoft',
  112: 'Phytium',
  192: 'Ampere',
};

/** Names of cores, by implementer and part, as util-linux and the kernel's cputype.h list them. */
const PARTS: Readonly<Record<string, string>> = {
  '41:c07': 'Cortex-A7',
  '41:c09': 'Cortex-A9',
  '41:c0f': 'Cortex-A15',
  '41:b76': 'ARM1176',
  '41:d03': 'Cortex-A53',
  '41:d04': 'Cortex-A35',
  '41:d05': 'Cortex-A55',
  '41:d07': 'Cortex-A57',
  '41:d08': 'Cortex-A72',
  '41:d09': 'Cortex-A73',
  '41:d0a': 'Cortex-A75',
  '41:d0b': 'Cortex-A76',
  '41:d0c': 'Neoverse-N1',
  '41:d0d': 'Cortex-A77',
  '41:d40': 'Neoverse-V1',
  '41:d41': 'Cortex-A78',
  '41:d42': 'Cortex-A78AE',
  '41:d44': 'Cortex-X1',
  '41:d46': 'Cortex-A510',
  '41:d47': 'Cortex-A710',
  '41:d48': 'Cortex-X2',
  '41:d49': 'Neoverse-N2',
  '41:d4a': 'Neoverse-E1',
  '41:d4f': 'Neoverse-V2',
  '41:d84': 'Neoverse-V3',
  '41:d8e': 'Neoverse-N3',
  '43:0a1': 'ThunderX',
  '43:0af': 'ThunderX2',
  '46:001': 'A64FX',
  '48:d01': 'Kunpeng-920',
  '4e:003': 'Denver 2',
  '4e:004': 'Carmel',
  'c0:ac3': 'Ampere-1',
  'c0:ac4': 'Ampere-1a',
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const implementerName = (implementer: number): string =>
  IMPLEMENTERS[implementer] ?? `0x${hex(implementer, 2)}`;

/** The core's name, or its part number where it has no name here. */
export const partName = (implementer: number, part: number): string =>
  PARTS[`${hex(implementer, 2)}:${hex(part, 3)}`] ?? `part 0x${hex(part, 3)}`;
