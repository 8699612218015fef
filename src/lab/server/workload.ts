import { ErrorCode, WattloopError } from '../../base/index.js';
import { type Arrivals, meanRate, timesAsOften } from './arrivals.js';
import { logicalProcessors, type Machine } from './machine.js';
import type { FunctionProfile } from './profile.js';

/** A function, and when it is asked for. */
export interface WorkloadFunction {
  readonly profile: FunctionProfile;
  readonly arrivals: Arrivals;
  /** It appears and vanishes at these seconds; the whole run where absent. */
  readonly fromSeconds?: number;
  readonly untilSeconds?: number;
}

/** What a machine is asked to do. */
export interface Workload {
  readonly functions: readonly WorkloadFunction[];
  /** How long a container stays warm after use; absent: there are always enough warm ones. */
  readonly keepAliveSeconds?: number;
}

/** Work that a machine can do in a second with all hardware threads busy, in core-seconds at the nominal frequency. */
export function capacity(machine: Machine): number {
  const second = logicalProcessors(machine) - machine.cores;
  const slowest = machine.turbo.at(-1)?.gigahertz ?? machine.nominalGigahertz;
  return ((machine.cores + second * machine.smtSpeed) * slowest) / machine.nominalGigahertz;
}

/** How much of the machine one invocation takes for a second: of its cores, its disk or its GPU, whichever is most. */
export function costOf(profile: FunctionProfile, machine: Machine): number {
  const cpu = (profile.cpuSeconds + machine.controlPlaneCpuSeconds) / capacity(machine);
  const disk = profile.diskMebibytes / machine.diskMebibytesPerSecond;
  return Math.max(cpu, disk, profile.gpuSeconds * profile.gpuOccupancy);
}

/** How much of the machine a workload asks for on average; 1 is all that it can give, if all asked for the same part of it. */
export function loadOf({ functions }: Workload, machine: Machine): number {
  return functions.reduce(
    (sum, { profile, arrivals }) => sum + meanRate(arrivals) * costOf(profile, machine),
    0,
  );
}

/** The same functions in the same proportions, so often that they ask for `load` of the machine. */
export function atLoad(workload: Workload, machine: Machine, load: number): Workload {
  const factor = load / loadOf(workload, machine);
  return {
    ...workload,
    functions: workload.functions.map((each) => ({ ...each, arrivals: timesAsOften(each.arrivals, factor) })),
  };
}

/** The same arrivals, with work so much smaller or larger that they ask for `load` of the machine. */
export function sizedTo(workload: Workload, machine: Machine, load: number): Workload {
  const control = workload.functions.reduce(
    (sum, { arrivals }) => sum + meanRate(arrivals) * machine.controlPlaneCpuSeconds,
    0,
  );
  const fixed = control / capacity(machine);
  const factor = (load - fixed) / (loadOf(workload, machine) - fixed);
  if (!(factor > 0))
    throw new WattloopError(
      ErrorCode.badUsage,
      'so many invocations load the machine by their dispatch alone',
      {
        remedy: 'Ask for fewer invocations, a longer duration, more load or a larger machine',
      },
    );
  const functions = workload.functions.map(({ profile, ...rest }) => ({
    ...rest,
    profile: {
      ...profile,
      cpuSeconds: factor * profile.cpuSeconds,
      diskMebibytes: factor * profile.diskMebibytes,
      gpuSeconds: factor * profile.gpuSeconds,
    },
  }));
  return { ...workload, functions };
}
