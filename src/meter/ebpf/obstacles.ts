import { existsSync, readlinkSync } from 'node:fs';
import { type Host, readTextIfAny, WattloopError } from '../../base/index.js';
import { requireLibbpf } from '../native/libbpf.js';
import { type Availability, unusable } from '../source.js';

const CAP_SYS_ADMIN = 21n;
const CAP_PERFMON = 38n;
const CAP_BPF = 39n;
/** Inode of the first process namespace, the same on every kernel. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

function missingCapabilities(host: Host): boolean {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readTextIfAny(host.proc('self/status')) ?? '')?.[1];
  if (line === undefined) return false;
  const held = BigInt(`0x${line}`);
  const has = (capability: bigint): boolean => ((held >> capability) & 1n) === 1n;
  return !has(CAP_SYS_ADMIN) && !(has(CAP_BPF) && has(CAP_PERFMON));
}

function pidNamespace(host: Host): string | undefined {
  try {
    return readlinkSync(host.proc('self/ns/pid'));
  } catch {
    return undefined;
  }
}

/** What stands in the way of kernel programs, found without loading any; undefined when nothing is known to. */
export function obstacle(host: Host): Availability | undefined {
  if (process.platform !== 'linux') {
    return unusable(`eBPF is a part of Linux, and this is ${process.platform}`, 'Run on Linux 5.8 or later');
  }
  if (!host.live) {
    return unusable(
      `the process tree is ${host.procfs}, not this machine's own: kernel programs can only account this machine`,
      'Leave --procfs and --sysfs at their defaults',
    );
  }
  if (!existsSync(host.sys('kernel/btf/vmlinux'))) {
    return unusable(
      `the kernel tells no types: ${host.sys('kernel/btf/vmlinux')} is missing`,
      'Use a kernel built with CONFIG_DEBUG_INFO_BTF=y (Debian 11, Ubuntu 20.10, Fedora 31, RHEL 8.2 and later have it)',
    );
  }
  // Without it all but the first processor would go uncounted, silently.
  if (!existsSync(host.sys('devices/system/cpu/possible'))) {
    return unusable(
      `nothing tells how many processors there are: ${host.sys('devices/system/cpu/possible')} is missing`,
      'Leave --sysfs at its default',
    );
  }
  if (missingCapabilities(host)) {
    return unusable(
      'kernel programs need root, or the capabilities CAP_BPF and CAP_PERFMON',
      'Run as root, or: sudo setcap cap_bpf,cap_perfmon,cap_sys_resource+ep "$(readlink -f "$(which node)")"',
    );
  }
  const lockdown = /\[(\w+)\]/.exec(readTextIfAny(host.sys('kernel/security/lockdown')) ?? '')?.[1];
  if (lockdown === 'confidentiality') {
    return unusable(
      'the kernel is locked down (confidentiality): no program may read kernel memory',
      'Boot with lockdown=integrity or none, or without Secure Boot',
    );
  }
  const namespace = pidNamespace(host);
  if (namespace !== undefined && namespace !== FIRST_PID_NAMESPACE) {
    return unusable(
      'Wattloop runs in its own process namespace, where process numbers are not those of the kernel',
      "Share the host's: docker run --pid=host --privileged, or hostPID: true in Kubernetes",
    );
  }
  try {
    requireLibbpf();
  } catch (error) {
    if (error instanceof WattloopError) {
      return unusable(error.message, error.remedy ?? 'Install libbpf 1.0 or later: apt install libbpf1');
    }
    return unusable(String(error), 'Install libbpf 1.0 or later: apt install libbpf1');
  }
  return undefined;
}
