import type { EnergyShare, Invocation, Platform } from '../../model/index.js';

export const EXAMPLE_PLATFORM: Platform = {
  backend: 'local',
  hostname: 'bench-1',
  cpu: {
    model: 'Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz',
    vendor: 'GenuineIntel',
    architecture: 'x64',
    coresPhysical: 24,
    coresLogical: 48,
    sockets: 2,
  },
  memoryMib: 192_000,
  operatingSystem: 'Debian GNU/Linux 12',
  kernel: '6.1.0-18-amd64',
  runtime: 'node 20.19.1',
  cpuLimit: { by: 'cgroup-v2' },
  memoryLimit: { by: 'cgroup-v2' },
};

const share = (joules: number): EnergyShare => ({
  source: 'perf-power',
  domain: 'package',
  nodeJoules: 4 * joules,
  joules,
  idleJoules: joules / 2,
  provenance: 'measured',
  uncertainty: 0.05,
});

/** A usual invocation: one of those of a stage `sample`. */
export function exampleInvocation(
  run: string,
  partition: number,
  changes: Partial<Invocation> = {},
): Invocation {
  return {
    id: `${run}/sample/${partition}`,
    run,
    function: 'sample',
    partition,
    attempt: 1,
    speculative: false,
    configuration: { cpu: 1, memoryMib: 256, workers: 8 },
    worker: 'worker-1',
    submittedAt: 1_700_000_000,
    startedAt: 1_700_000_000.25,
    endedAt: 1_700_000_001.5,
    cold: partition === 0,
    status: 'done',
    wallSeconds: 1.25,
    cpuSeconds: 1.125,
    phases: [
      { name: 'read', wallSeconds: 0.125, cpuSeconds: 0.0625, energies: [share(0.25)] },
      { name: 'compute', wallSeconds: 1, cpuSeconds: 1, energies: [share(4)] },
      { name: 'write', wallSeconds: 0.125, cpuSeconds: 0.0625, energies: [share(0.5)] },
    ],
    usage: [{ method: 'rusage', usage: { cpuSeconds: 1.125, contextSwitches: 12 } }],
    energies: [share(4.75)],
    absent: [{ name: 'rapl', reason: 'this is a virtual machine' }],
    memoryPeakMib: 48.5,
    readBytes: 1_024,
    writtenBytes: 2_048,
    platform: EXAMPLE_PLATFORM,
    ...changes,
  };
}
