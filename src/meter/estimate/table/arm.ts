import type { CpuRow } from './row.js';

/** An ARM processor by what tells it apart: its core, the board it is on, the cloud it is in. */
export interface ArmRow extends CpuRow {
  /** Implementer and part of MIDR. */
  readonly core?: readonly [implementer: number, part: number];
  /** The device tree's model. */
  readonly board?: RegExp;
  /** The firmware's sys_vendor. */
  readonly systemVendor?: RegExp;
  /** Set where nobody published the figure and it is inferred from a sibling: less certain. */
  readonly isInferred?: true;
}

const ARM = 0x41;
const AMAZON = /^amazon ec2/i;
const JETSON = "NVIDIA's data sheet of the module: largest power mode, GPU included";
const DRAMBLE = 'Raspberry Pi Dramble, power benchmarks: whole board, idle and 400 % CPU load';

/** Tried in this order: what is more particular comes first. */
export const ARM_ROWS: readonly ArmRow[] = [
  {
    model: 'Raspberry Pi 5',
    board: /^Raspberry Pi (5|500|Compute Module 5)\b/,
    architecture: 'BCM2712',
    cores: 4,
    watts: 12,
    source: 'Raspberry Pi Ltd, "Introducing: Raspberry Pi 5!" (2023): peak of the whole board',
  },
  {
    model: 'Raspberry Pi 4',
    board: /^Raspberry Pi (4|400|Compute Module 4)\b/,
    architecture: 'BCM2711',
    cores: 4,
    watts: 6.4,
    idleWatts: 2.7,
    source: DRAMBLE,
  },
  {
    model: 'Raspberry Pi 3 Plus',
    board: /^Raspberry Pi 3 Model [AB] Plus\b/,
    architecture: 'BCM2837',
    cores: 4,
    watts: 5.1,
    idleWatts: 1.9,
    source: DRAMBLE,
  },
  {
    model: 'Raspberry Pi 3',
    board: /^Raspberry Pi (3|Compute Module 3)\b/,
    architecture: 'BCM2837',
    cores: 4,
    watts: 3.7,
    idleWatts: 1.4,
    source: DRAMBLE,
  },
  {
    model: 'Jetson AGX Orin',
    board: /AGX Orin/i,
    architecture: 'Tegra234',
    cores: 12,
    watts: 60,
    source: JETSON,
  },
  {
    model: 'Jetson Orin NX',
    board: /Orin NX/i,
    architecture: 'Tegra234',
    cores: 8,
    watts: 25,
    source: JETSON,
  },
  {
    model: 'Jetson Orin Nano',
    board: /Orin Nano/i,
    architecture: 'Tegra234',
    cores: 6,
    watts: 15,
    source: JETSON,
  },
  {
    model: 'Jetson Xavier NX',
    board: /Xavier NX/i,
    architecture: 'Tegra194',
    cores: 6,
    watts: 20,
    source: JETSON,
  },
  {
    model: 'Jetson AGX Xavier',
    board: /AGX Xavier|Jetson-AGX/i,
    architecture: 'Tegra194',
    cores: 8,
    watts: 30,
    source: JETSON,
  },
  {
    model: 'Jetson TX2',
    board: /jetson[- ]tx2|quill/i,
    architecture: 'Tegra186',
    cores: 6,
    watts: 15,
    source: JETSON,
  },
  {
    model: 'Jetson TX1',
    board: /jetson[- ]tx1/i,
    architecture: 'Tegra210',
    cores: 4,
    watts: 15,
    source: JETSON,
  },
  {
    model: 'Jetson Nano',
    board: /jetson[- ]nano/i,
    architecture: 'Tegra210',
    cores: 4,
    watts: 10,
    source: JETSON,
  },
  {
    model: 'Graviton',
    core: [ARM, 0xd08],
    systemVendor: AMAZON,
    architecture: 'Cortex-A72',
    cores: 16,
    watts: 40,
    source: 'TDP table of the Impact Framework (if-data)',
  },
  {
    model: 'Graviton2',
    core: [ARM, 0xd0c],
    systemVendor: AMAZON,
    architecture: 'Neoverse N1',
    cores: 64,
    watts: 110,
    source: 'Published estimates of 100 to 110 W for 64 cores (the 150 W of if-data are the upper bound)',
  },
  {
    model: 'Graviton3',
    core: [ARM, 0xd40],
    systemVendor: AMAZON,
    architecture: 'Neoverse V1',
    cores: 64,
    watts: 100,
    source: 'Press reports of its announcement (2021): about 100 W',
  },
  {
    model: 'Graviton4',
    core: [ARM, 0xd4f],
    systemVendor: AMAZON,
    architecture: 'Neoverse V2',
    cores: 96,
    watts: 150,
    isInferred: true,
    source: 'Inferred: 96 cores at what a core of Graviton3 draws; AWS publishes none',
  },
  {
    model: 'Grace',
    core: [ARM, 0xd4f],
    architecture: 'Neoverse V2',
    cores: 72,
    watts: 250,
    source: "NVIDIA's Grace data sheet: half of the superchip's 500 W, memory included",
  },
  {
    model: 'Altra Q80-30',
    core: [ARM, 0xd0c],
    architecture: 'Neoverse N1',
    cores: 80,
    watts: 210,
    source: "Ampere's Altra product brief",
  },
  {
    model: 'AmpereOne',
    core: [0xc0, 0xac3],
    architecture: 'Ampere-1',
    cores: 192,
    watts: 350,
    source: "Ampere's AmpereOne announcement (2023): up to 350 W",
  },
  {
    model: 'AmpereOne M',
    core: [0xc0, 0xac4],
    architecture: 'Ampere-1a',
    cores: 192,
    watts: 350,
    isInferred: true,
    source: 'Inferred: as AmpereOne',
  },
  {
    model: 'ThunderX2 CN9980',
    core: [0x43, 0x0af],
    architecture: 'ThunderX2',
    cores: 32,
    watts: 180,
    source: "Marvell's ThunderX2 product list",
  },
  {
    model: 'ThunderX CN8890',
    core: [0x43, 0x0a1],
    architecture: 'ThunderX',
    cores: 48,
    watts: 120,
    source: "Cavium's ThunderX product list",
  },
  {
    model: 'Kunpeng 920-6426',
    core: [0x48, 0xd01],
    architecture: 'Kunpeng 920',
    cores: 64,
    watts: 180,
    source: "HiSilicon's Kunpeng 920 product list",
  },
];
