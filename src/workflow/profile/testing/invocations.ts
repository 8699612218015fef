import type { EnergyShare, Invocation, InvocationPhase } from '../../../model/index.js';

export const phase = (name: InvocationPhase['name'], wallSeconds: number): InvocationPhase => ({
  name,
  wallSeconds,
  cpuSeconds: wallSeconds / 2,
  energies: [],
});

export const raplShare = (joules: number, idleJoules: number | undefined = undefined): EnergyShare => ({
  source: 'rapl',
  domain: 'package',
  nodeJoules: 3 * joules,
  joules,
  idleJoules,
  provenance: 'measured',
  uncertainty: 0.02,
});

/** An invocation that went well, with what a test wants of it. */
export function doneInvocation(changes: Partial<Invocation> = {}): Invocation {
  return {
    id: `i${changes.partition ?? 0}`,
    run: 'run-1',
    function: 'sample',
    partition: 0,
    attempt: 1,
    speculative: false,
    configuration: { cpu: 1, memoryMib: 1769, workers: 1 },
    worker: 'w1',
    submittedAt: 999.5,
    startedAt: 1000,
    endedAt: 1001.5,
    cold: false,
    status: 'done',
    wallSeconds: 1.5,
    cpuSeconds: 1.25,
    phases: [phase('read', 0.25), phase('compute', 1), phase('write', 0.25)],
    usage: [],
    energies: [],
    absent: [],
    platform: {
      backend: 'local',
      hostname: 'machine',
      cpu: {
        model: 'AMD EPYC 7763 64-Core Processor',
        vendor: 'AuthenticAMD',
        architecture: 'x64',
        coresPhysical: 2,
        coresLogical: 4,
        sockets: 1,
      },
      memoryMib: 8192,
      operatingSystem: 'Debian GNU/Linux 12',
      kernel: '6.1.0',
      runtime: 'node 20.19.1',
      cpuLimit: { by: 'cgroup-v2' },
      memoryLimit: { by: 'cgroup-v2' },
    },
    ...changes,
  };
}
