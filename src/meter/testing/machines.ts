import type { Tree } from './tree.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface X86 {
  readonly vendor: string;
  readonly family: number;
  readonly model: number;
  readonly name: string;
  readonly stepping: number;
  readonly flags: string;
}

function x86Block(cpu: X86, number: number, socket: number, core: number, cores: number): string {
  return [
    `processor\t: ${number}`,
    `vendor_id\t: ${cpu.vendor}`,
    `cpu family\t: ${cpu.family}`,
    `model\t\t: ${cpu.model}`,
    `model name\t: ${cpu.name}`,
    `stepping\t: ${cpu.stepping}`,
    'cpu MHz\t\t: 2700.000',
    `physical id\t: ${socket}`,
    `core id\t\t: ${core}`,
    `cpu cores\t: ${cores}`,
    `flags\t\t: ${cpu.flags}`,
    'power management:',
    '\n',
  ].join('\n');
}

function topology(number: number, socket: number, siblings: string): Tree {
  const at = `sys/devices/system/cpu/cpu${number}/topology`;
  return {
    [`${at}/physical_package_id`]: `${socket}\n`,
    [`${at}/core_id`]: `${number}\n`,
    [`${at}/core_cpus_list`]: `${siblings}\n`,
    [`${at}/thread_siblings_list`]: `${siblings}\n`,
  };
}

const merged = (trees: readonly Tree[]): Tree => Object.assign({}, ...trees);

const GOLD: X86 = {
  vendor: 'GenuineIntel',
  family: 6,
  model: 85,
  name: 'Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz',
  stepping: 7,
  flags: 'fpu vme sse sse2 ht lm constant_tsc avx512f',
};

/** A Dell server: two Xeons of 12 cores with two threads each; core numbers have gaps, as Intel's do. */
export const XEON_TWO_SOCKETS: Tree = {
  // Threads of a core are n and n + 24; even numbers are socket 0.
  'proc/cpuinfo': range(48)
    .map((n) => x86Block(GOLD, n, n % 2, (Math.floor((n % 24) / 2) * 5) % 16, 12))
    .join(''),
  ...merged(range(48).map((n) => topology(n, n % 2, `${n % 24},${(n % 24) + 24}`))),
  'sys/class/dmi/id/sys_vendor': 'Dell Inc.\n',
  'sys/class/dmi/id/product_name': 'PowerEdge R740\n',
  'sys/class/powercap/intel-rapl:0/name': 'package-0\n',
  'sys/kernel/btf/vmlinux': '',
  'sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
  'sys/kernel/tracing/events/sched/enable': '0\n',
  'proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  'proc/sys/kernel/perf_event_paranoid': '-1\n',
  'proc/sys/kernel/unprivileged_bpf_disabled': '2\n',
  'proc/self/cgroup': '0::/user.slice\n',
};

const EPYC: X86 = {
  vendor: 'AuthenticAMD',
  family: 25,
  model: 1,
  name: 'AMD EPYC 7543 32-Core Processor',
  stepping: 1,
  flags: 'fpu vme sse sse2 ht lm hypervisor avx2',
};

/** A QEMU/KVM machine on an EPYC: four processors, each shown as a socket of its own. */
export const EPYC_VM: Tree = {
  'proc/cpuinfo': range(4)
    .map((n) => x86Block(EPYC, n, n, 0, 1))
    .join(''),
  ...merged(range(4).map((n) => topology(n, n, String(n)))),
  'sys/class/dmi/id/sys_vendor': 'QEMU\n',
  'sys/class/dmi/id/product_name': 'Standard PC (Q35 + ICH9, 2009)\n',
};

function armBlock(number: number, implementer: string, part: string, revision = 1, extra = ''): string {
  return `processor\t: ${number}\n${extra}BogoMIPS\t: 243.75\nFeatures\t: fp asimd evtstrm aes crc32 atomics\nCPU implementer\t: ${implementer}\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: ${part}\nCPU revision\t: ${revision}\n\n`;
}

/** An m6g.xlarge of Amazon: Graviton2, with DMI tables and no device tree. */
export const GRAVITON2: Tree = {
  'proc/cpuinfo': range(4)
    .map((n) => armBlock(n, '0x41', '0xd0c'))
    .join(''),
  ...merged(range(4).map((n) => topology(n, 0, String(n)))),
  'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n',
  'sys/class/dmi/id/product_name': 'm6g.xlarge\n',
};

/** A Raspberry Pi 4 on a 64-bit kernel. */
export const RASPBERRY_PI_4: Tree = {
  'proc/cpuinfo': `${range(4)
    .map((n) => armBlock(n, '0x41', '0xd08', 3))
    .join('')}Revision\t: c03114\nSerial\t\t: 10000000\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n`,
  'proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
  ...merged(range(4).map((n) => topology(n, 0, String(n)))),
};

/** A Jetson TX2: two Denver cores and four Cortex-A57 in clusters that its old kernel numbers as packages. */
export const JETSON_TX2: Tree = {
  'proc/cpuinfo': [0, 3, 4, 5]
    .map((n) => armBlock(n, '0x41', '0xd07', 3, 'model name\t: ARMv8 Processor rev 3 (v8l)\n'))
    .concat([1, 2].map((n) => armBlock(n, '0x4e', '0x003', 0, 'model name\t: ARMv8 Processor rev 0 (v8l)\n')))
    .join(''),
  'sys/firmware/devicetree/base/model': 'quill\0',
  ...merged(range(6).map((n) => topology(n, n === 1 || n === 2 ? 0 : 1, String(n)))),
};

/** A Jetson AGX Orin: twelve Cortex-A78AE in three clusters. */
export const JETSON_ORIN: Tree = {
  'proc/cpuinfo': range(12)
    .map((n) => armBlock(n, '0x41', '0xd42', 1, 'model name\t: ARMv8 Processor rev 1 (v8l)\n'))
    .join(''),
  'proc/device-tree/model': 'NVIDIA Orin Jetson-Small Developer Kit\0',
  ...merged(range(12).map((n) => topology(n, Math.floor(n / 4), String(n)))),
};
