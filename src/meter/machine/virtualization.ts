import { existsSync } from 'node:fs';
import { type Host, readTextIfAny } from '../../base/index.js';
import { recognise } from '../cgroup/container.js';

/** What a machine runs on. `none` is bare metal; `unknown` is a virtual machine whose hypervisor does not say its name. */
export type Hypervisor =
  | 'none'
  | 'kvm'
  | 'qemu'
  | 'vmware'
  | 'xen'
  | 'hyperv'
  | 'virtualbox'
  | 'firecracker'
  | 'parallels'
  | 'bhyve'
  | 'amazon'
  | 'google'
  | 'apple'
  | 'powervm'
  | 'unknown';

export interface Virtualization {
  readonly hypervisor: Hypervisor;
  /** What told: a file or a flag, for a reader who wonders. */
  readonly evidence: string;
  /** The container engine that Wattloop itself runs within, `none` when in no container. */
  readonly container: string;
}

/** By the firmware's tables: vendor and product, which clouds and hypervisors set. The first that matches counts. */
const BY_FIRMWARE: readonly (readonly [RegExp, Hypervisor])[] = [
  [/vmware/i, 'vmware'],
  [/innotek|virtualbox/i, 'virtualbox'],
  [/microsoft corporation virtual machine/i, 'hyperv'],
  [/\bxen\b|hvm domu/i, 'xen'],
  [/parallels/i, 'parallels'],
  [/bhyve/i, 'bhyve'],
  [/apple virtualization/i, 'apple'],
  [/google compute engine/i, 'google'],
  [/firecracker/i, 'firecracker'],
  [/qemu|standard pc|bochs/i, 'qemu'],
  [/\bkvm\b|openstack|digitalocean|hetzner vserver|alibaba cloud ecs/i, 'kvm'],
];

function byFirmware(host: Host): Pick<Virtualization, 'hypervisor' | 'evidence'> | undefined {
  const field = (name: string): string => readTextIfAny(host.sys('class/dmi/id', name)) ?? '';
  const vendor = field('sys_vendor');
  const product = field('product_name');
  const text = `${vendor} ${product}`.trim();
  if (text === '') return undefined;
  // EC2's bare metal instances have the same vendor as its virtual machines, and end in .metal.
  if (/^amazon ec2/i.test(vendor)) {
    const isMetal = /\.metal\b/i.test(product);
    return { hypervisor: isMetal ? 'none' : 'amazon', evidence: `DMI: ${text}` };
  }
  const found = BY_FIRMWARE.find(([pattern]) => pattern.test(text));
  return found && { hypervisor: found[1], evidence: `DMI: ${text}` };
}

function byHypervisor(host: Host, cpuinfo: string): Pick<Virtualization, 'hypervisor' | 'evidence'> {
  const type = readTextIfAny(host.sys('hypervisor/type'));
  if (type === 'xen') {
    // Xen's own first domain sees the hardware.
    const capabilities = readTextIfAny(host.proc('xen/capabilities')) ?? '';
    return {
      hypervisor: 'xen',
      evidence: capabilities.includes('control_d') ? 'Xen dom0' : 'sys/hypervisor/type',
    };
  }
  const firmware = byFirmware(host);
  if (firmware) return firmware;
  const compatible =
    readTextIfAny(host.proc('device-tree/hypervisor/compatible')) ??
    readTextIfAny(host.sys('firmware/devicetree/base/hypervisor/compatible'));
  if (compatible !== undefined) {
    const name = compatible.replaceAll('\0', ' ').trim();
    const hypervisor = /kvm/.test(name)
      ? 'kvm'
      : /xen/.test(name)
        ? 'xen'
        : /vmware/.test(name)
          ? 'vmware'
          : 'unknown';
    return { hypervisor, evidence: `device tree: ${name}` };
  }
  if (/^flags\s*:.*\bhypervisor\b/m.test(cpuinfo)) return unnamed(host);
  if (/^pSeries|IBM pSeries \(emulated by qemu\)/m.test(cpuinfo)) {
    return { hypervisor: cpuinfo.includes('qemu') ? 'qemu' : 'powervm', evidence: '/proc/cpuinfo' };
  }
  return { hypervisor: 'none', evidence: 'no sign of a hypervisor' };
}

/** A processor that says it is virtual, on a machine without DMI tables: told by what devices it has. */
function unnamed(host: Host): Pick<Virtualization, 'hypervisor' | 'evidence'> {
  const flag = 'hypervisor flag of the processor';
  // Firecracker has no DMI tables and names its ACPI tables for itself.
  const tables = readTextIfAny(host.sys('firmware/acpi/tables/FACP')) ?? '';
  if (/FIRECK/.test(tables)) return { hypervisor: 'firecracker', evidence: 'ACPI tables' };
  const clocks =
    readTextIfAny(host.sys('devices/system/clocksource/clocksource0/available_clocksource')) ?? '';
  if (clocks.includes('hyperv')) return { hypervisor: 'hyperv', evidence: `${flag}, Hyper-V clock` };
  if (clocks.includes('kvm-clock')) return { hypervisor: 'kvm', evidence: `${flag}, KVM clock` };
  if (clocks.includes('xen')) return { hypervisor: 'xen', evidence: `${flag}, Xen clock` };
  return { hypervisor: 'unknown', evidence: flag };
}

/** The engine whose container `pid` 1 or this process is in, as its control groups and marker files tell. */
function containerOf(host: Host): string {
  for (const pid of ['self', '1']) {
    for (const line of (readTextIfAny(host.proc(pid, 'cgroup')) ?? '').split('\n')) {
      const path = line.split(':').slice(2).join(':');
      const { kind, runtime } = recognise(path);
      if (kind === 'container' && runtime !== undefined) return runtime;
    }
  }
  const root = host.proc('1/root');
  if (existsSync(`${root}/.dockerenv`)) return 'docker';
  if (existsSync(`${root}/run/.containerenv`)) return 'podman';
  // With a namespace of its own the control group shows as "/": what is mounted at the root still tells.
  const mounts = readTextIfAny(host.proc('self/mountinfo')) ?? '';
  if (/ \/ \/ .* - overlay .*\/docker\//m.test(mounts)) return 'docker';
  if (/ \/ \/ .* - overlay .*\/containerd\//m.test(mounts)) return 'containerd';
  if (/ \/ \/ .* - overlay .*\/containers\/storage\//m.test(mounts)) return 'podman';
  return 'none';
}

export function readVirtualization(host: Host): Virtualization {
  const cpuinfo = readTextIfAny(host.proc('cpuinfo')) ?? '';
  return { ...byHypervisor(host, cpuinfo), container: containerOf(host) };
}
