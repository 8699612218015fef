import type { LambdaArchitecture, LambdaEstimate } from '../../model/index.js';

interface VcpuPower {
  readonly idleWatts: number;
  readonly fullWatts: number;
}

// Cloud Carbon Footprint's coefficients for AWS Lambda: watts of a vCPU at 0 and 100 % load. Those of arm64 stand in for Graviton,
// of which none was measured: they are those of a processor of its time.
const VCPU: Readonly<Record<LambdaArchitecture, VcpuPower>> = {
  x86_64: { idleWatts: 0.74, fullWatts: 3.5 },
  arm64: { idleWatts: 0.47, fullWatts: 1.69 },
};
/** The same source, for memory. */
const WATTS_PER_GIB = 0.392;
const MIB_PER_GIB = 1024;

export const ENERGY_MODEL: LambdaEstimate['energy'] = {
  provenance: 'estimated',
  // Standard deviation over mean of the watts at full load of the twelve server processors, Haswell to Granite Rapids and EPYC 1 to
  // 4, in the table that the coefficients are means of: nobody is told which of them a function gets.
  uncertainty: 0.35,
  model: `a vCPU draws ${VCPU.x86_64.idleWatts} W idle and ${VCPU.x86_64.fullWatts} W busy (arm64: ${VCPU.arm64.idleWatts} and ${VCPU.arm64.fullWatts} W), linear between; memory ${WATTS_PER_GIB} W/GiB`,
  source: 'Cloud Carbon Footprint, methodology: AWS Lambda',
};

/** Joules of processors and memory that are held for a while, of which processors are busy for some. */
export function lambdaJoules(
  architecture: LambdaArchitecture,
  held: { readonly vcpus: number; readonly memoryMib: number; readonly seconds: number },
  cpuSeconds: number,
): number {
  const { idleWatts, fullWatts } = VCPU[architecture];
  const { vcpus, memoryMib, seconds } = held;
  const memoryWatts = (memoryMib / MIB_PER_GIB) * WATTS_PER_GIB;
  return seconds * (vcpus * idleWatts + memoryWatts) + cpuSeconds * (fullWatts - idleWatts);
}
