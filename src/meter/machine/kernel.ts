import { existsSync } from 'node:fs';
import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';

/** What the kernel lets a meter do. A switch that the kernel does not have is absent. */
export interface KernelFeatures {
  /** As `uname -r` gives it; empty when /proc does not tell. */
  readonly release: string;
  /** Type information of the kernel, which CO-RE eBPF programs need. */
  readonly hasBtf: boolean;
  /** -1 lets anyone count everything, 2 only their own processes in user mode, 3 (Debian) and 4 (Ubuntu) nothing. */
  readonly perfEventParanoid: number | undefined;
  /** 0 lets users without privileges load eBPF, 1 and 2 do not. */
  readonly unprivilegedBpfDisabled: number | undefined;
  /** `none`, `integrity` or `confidentiality`; the last stops eBPF and perf from reading kernel memory. */
  readonly lockdown: string | undefined;
  readonly hasPowercap: boolean;
  readonly hasTracefs: boolean;
}

const number = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;

export function readKernelFeatures(host: Host): KernelFeatures {
  const sysctl = (name: string): string | undefined => readTextIfAny(host.proc('sys/kernel', name));
  // The mode in force stands in brackets: none [integrity] confidentiality.
  const lockdown = readTextIfAny(host.sys('kernel/security/lockdown'));
  return {
    release: sysctl('osrelease') ?? '',
    hasBtf: existsSync(host.sys('kernel/btf/vmlinux')),
    perfEventParanoid: number(sysctl('perf_event_paranoid')),
    unprivilegedBpfDisabled: number(sysctl('unprivileged_bpf_disabled')),
    lockdown: lockdown && /\[(\w+)\]/.exec(lockdown)?.[1],
    hasPowercap: listIfAny(host.sys('class/powercap')).some((name) => name.includes('rapl')),
    hasTracefs:
      listIfAny(host.sys('kernel/tracing')).includes('events') ||
      listIfAny(host.sys('kernel/debug/tracing')).includes('events'),
  };
}
