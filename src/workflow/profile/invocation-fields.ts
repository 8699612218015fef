import { candidatesOf, choosePrimary } from '../../meter/index.js';
import type { EnergyShare, Invocation, PhaseName, Provenance, SourceName } from '../../model/index.js';
import { energyFieldName } from './energy-field.js';
import type { ProfileValue } from './profile.js';

/** What one invocation puts into a profile. A field that is not there was not known. */
export interface InvocationFields {
  readonly values: Readonly<Record<string, ProfileValue>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
}

const phaseSeconds = ({ phases }: Invocation, name: PhaseName): number =>
  phases.reduce((sum, phase) => (phase.name === name ? sum + phase.wallSeconds : sum), 0);

/** With its share of idle, where that is known: else it is in the share of the work already. */
const withIdle = ({ joules, idleJoules }: EnergyShare): number => joules + (idleJoules ?? 0);

interface Energy {
  readonly field: string;
  readonly joules: number;
  readonly provenance: Provenance;
}

/** Sources that tell CPU time and no energy, and whose profile has energies all the same. */
const BY_CPU_TIME: readonly SourceName[] = ['ebpf', 'proc'];

/** Measured energy as it would be shared out by the CPU time that another method tells. */
function sharedByCpuTime({ energies, usage, cpuSeconds }: Invocation): Energy[] {
  if (!(cpuSeconds > 0)) return [];
  const measured = energies.filter(({ provenance }) => provenance === 'measured');
  const choice = choosePrimary(candidatesOf(measured));
  if (choice === undefined) return [];
  const shares = measured.filter(
    ({ source, domain }) => source === choice.source && choice.domains.includes(domain),
  );
  return BY_CPU_TIME.flatMap((source) => {
    const told = usage.find(({ method }) => method === source)?.usage.cpuSeconds;
    if (told === undefined) return [];
    return shares.map((share) => ({
      field: energyFieldName(source, share.domain),
      joules: withIdle(share) * (told / cpuSeconds),
      provenance: 'modelled' as const,
    }));
  });
}

function energiesOf(invocation: Invocation): Energy[] {
  const own = invocation.energies.map((share) => ({
    field: energyFieldName(share.source, share.domain),
    joules: withIdle(share),
    provenance: share.provenance,
  }));
  return [...own, ...sharedByCpuTime(invocation)].filter(({ joules }) => Number.isFinite(joules));
}

function platformFields({ platform, configuration }: Invocation): Record<string, ProfileValue> {
  if (platform === undefined) return {};
  const { cpu, backend } = platform;
  const isLambda = backend === 'lambda' ? 'True' : 'False';
  return {
    ...(cpu.model !== '' && { cpu_name: cpu.model }),
    cpu_architecture: cpu.architecture,
    cpu_cores_physical: cpu.coresPhysical,
    cpu_cores_logical: cpu.coresLogical,
    aws_cpu: `type:Unknown|arch:${cpu.architecture}|lambda:${isLambda}|mem:${configuration.memoryMib}`,
  };
}

/** An invocation in the fields of a profile. */
export function invocationFields(invocation: Invocation): InvocationFields {
  const { run, wallSeconds, cpuSeconds, submittedAt, startedAt, endedAt, cold } = invocation;
  const energies = energiesOf(invocation);
  return {
    values: {
      read: phaseSeconds(invocation, 'read'),
      compute: phaseSeconds(invocation, 'compute'),
      write: phaseSeconds(invocation, 'write'),
      cold_start: phaseSeconds(invocation, 'cold_start'),
      worker_time_execution: wallSeconds,
      cpu_seconds: cpuSeconds,
      ...(wallSeconds > 0 && { psutil_cpu_percent: (100 * cpuSeconds) / wallSeconds }),
      cold,
      host_submit_tstamp: submittedAt,
      worker_start_tstamp: startedAt,
      worker_end_tstamp: endedAt,
      ...Object.fromEntries(energies.map(({ field, joules }) => [field, joules])),
      ...platformFields(invocation),
      ...(run !== undefined && { run }),
    },
    provenance: Object.fromEntries(energies.map(({ field, provenance }) => [field, provenance])),
  };
}
