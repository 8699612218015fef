import { hostname, totalmem } from 'node:os';
import { type Host, readTextIfAny } from '../../base/index.js';
import { readMachineIdentity } from '../../meter/index.js';
import { BYTES_PER_MIB, type Platform } from '../../model/index.js';
import type { Limiter } from './limits/limiter.js';

/** This machine, and how workers are kept to their limits on it. */
export function describePlatform(host: Host, limiter: Limiter): Platform {
  const { cpu, kernel, virtualization } = readMachineIdentity(host);
  const { hypervisor } = virtualization;
  return {
    backend: 'local',
    hostname: hostname(),
    cpu,
    memoryMib: Math.round(totalmem() / BYTES_PER_MIB),
    operatingSystem: operatingSystem(),
    kernel: kernel.release,
    runtime: `node ${process.versions.node}`,
    ...(hypervisor === 'none' || hypervisor === 'unknown' ? {} : { virtualization: hypervisor }),
    cpuLimit: limiter.cpu,
    memoryLimit: limiter.memory,
  };
}

function operatingSystem(): string {
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(readTextIfAny('/etc/os-release') ?? '')?.[1];
  return name ?? process.platform;
}
