/** Watts of one vCPU of a cloud's virtual machine, idle and at full load. */
interface VcpuWatts {
  readonly min: number;
  readonly max: number;
}

export interface Architecture {
  /** As the rows of the table name it. */
  readonly name: string;
  readonly vendor: 'GenuineIntel' | 'AuthenticAMD';
  readonly family: number;
  /** CPU model numbers, decimal as cpuinfo has them. */
  readonly models: readonly number[];
  /** Where a model number is shared: the first and last stepping. */
  readonly steppings?: readonly [number, number];
  /** Threads of a core, with hyperthreading as clouds run it. */
  readonly threads: number;
  readonly vcpu?: VcpuWatts;
}

const intel = (
  name: string,
  models: readonly number[],
  more: Partial<Pick<Architecture, 'threads' | 'vcpu' | 'steppings'>> = {},
): Architecture => ({ name, vendor: 'GenuineIntel', family: 6, models, threads: 2, ...more });

const amd = (name: string, family: number, models: readonly number[], vcpu?: VcpuWatts): Architecture => ({
  name,
  vendor: 'AuthenticAMD',
  family,
  models,
  threads: 2,
  ...(vcpu === undefined ? {} : { vcpu }),
});

/**
 * Server processors by what CPUID says of them, for machines whose model name tells nothing ("AMD EPYC", "Intel Xeon
 * Processor", as clouds and QEMU write it).
 *
 * The watts of a vCPU are Cloud Carbon Footprint's coefficients for AWS: SPECpower results of whole servers divided by
 * their threads. They hold power supply, fans and some memory, so as figures of a package they are on the high side, by
 * a tenth or so at full load. Its figures for EPYC of the fifth generation (3.68 and 8.96 W, four times the one before)
 * and for Graviton (a stand-in, copied from EPYC) are not believed: those use their share of the design power.
 */
export const ARCHITECTURES: readonly Architecture[] = [
  intel('Sandy Bridge', [45], { vcpu: { min: 2.212, max: 8.631 } }),
  intel('Ivy Bridge', [62], { vcpu: { min: 1.707, max: 5.557 } }),
  intel('Haswell', [63], { vcpu: { min: 1.857, max: 5.595 } }),
  intel('Broadwell', [79], { vcpu: { min: 0.713, max: 3.685 } }),
  intel('Broadwell-DE', [86]),
  intel('Skylake', [85], { steppings: [0, 4], vcpu: { min: 0.613, max: 4.104 } }),
  intel('Cascade Lake', [85], { steppings: [5, 7], vcpu: { min: 0.69, max: 4.063 } }),
  intel('Cooper Lake', [85], { steppings: [8, 15] }),
  intel('Ice Lake', [106], { vcpu: { min: 0.767, max: 3.758 } }),
  intel('Ice Lake-D', [108]),
  intel('Sapphire Rapids', [143], { vcpu: { min: 1.036, max: 4.16 } }),
  intel('Emerald Rapids', [207], { vcpu: { min: 0.814, max: 4.482 } }),
  intel('Granite Rapids', [173, 174], { vcpu: { min: 0.582, max: 2.527 } }),
  intel('Sierra Forest', [175], { threads: 1 }),
  amd('EPYC 1st Gen', 23, [1], { min: 0.847, max: 2.604 }),
  amd('EPYC 2nd Gen', 23, [49], { min: 0.474, max: 1.693 }),
  amd('EPYC 3rd Gen', 25, [1], { min: 0.456, max: 1.957 }),
  amd('EPYC 4th Gen', 25, [17], { min: 0.739, max: 2.282 }),
  // Zen 4c: Bergamo and Siena share this model number.
  amd('EPYC 8004', 25, [160]),
  amd('EPYC 5th Gen', 26, [2, 17]),
];

export const VCPU_SOURCE = 'Cloud Carbon Footprint, coefficients for AWS by architecture';

export function architectureByName(name: string): Architecture | undefined {
  return ARCHITECTURES.find((architecture) => architecture.name === name);
}

export function architectureByNumbers(
  vendor: string,
  family: number | undefined,
  model: number | undefined,
  stepping: number | undefined,
): Architecture | undefined {
  return ARCHITECTURES.find((entry) => {
    const [first, last] = entry.steppings ?? [0, Number.POSITIVE_INFINITY];
    return (
      entry.vendor === vendor &&
      entry.family === family &&
      model !== undefined &&
      entry.models.includes(model) &&
      (stepping ?? first) >= first &&
      (stepping ?? first) <= last
    );
  });
}
