/** How fast cores run when so many of them are busy; between two entries in proportion. */
export interface TurboBin {
  readonly busyCores: number;
  readonly gigahertz: number;
}

export interface Gpu {
  /** The part of the machine's idle power that is its own; 0 where nobody says. */
  readonly idleWatts?: number;
  /** What it adds as soon as anything runs on it, and for `hysteresisSeconds` after. */
  readonly floorWatts: number;
  /** What it adds beyond that when fully occupied. */
  readonly fullWatts: number;
}

/** A machine as data: what it is made of and what each part draws. Watts are direct current, but for idle, which is at the plug. */
export interface Machine {
  readonly name: string;
  readonly title: string;
  /** Physical cores. */
  readonly cores: number;
  /** Hardware threads a core has: 1 or 2. */
  readonly threadsPerCore: number;
  /** What the second thread of a core adds to its speed, and to its power, as parts of the first's. */
  readonly smtSpeed: number;
  readonly smtPower: number;
  /** The frequency that CPU work is counted at. */
  readonly nominalGigahertz: number;
  readonly turbo: readonly TurboBin[];
  /** Power of the machine without work, its operating system included; and of its processor alone. */
  readonly idleWatts: number;
  readonly idleCpuWatts: number;
  /** What any work adds at once: clocks, caches and interconnect wake up (in the processor), regulators and fans follow (beside it). */
  readonly floorCpuWatts: number;
  readonly floorPlatformWatts: number;
  /** How long the floor stays after the last work: packages don't go back to sleep at once. */
  readonly hysteresisSeconds: number;
  /** Power of a busy core at the nominal frequency; grows with the frequency to the power of `frequencyExponent`. */
  readonly coreWatts: number;
  readonly frequencyExponent: number;
  /** Of a core's power, what is saved while it waits for memory. */
  readonly stallSaving: number;
  /** Shared parts of the processor: reaches half of this when `uncoreHalfCores` are busy. */
  readonly uncoreWatts: number;
  readonly uncoreHalfCores: number;
  readonly memoryMebibytes: number;
  /** Bytes per second that all cores share, and that one core takes when it does nothing but wait for memory, in GB/s. */
  readonly memoryBandwidth: number;
  readonly coreBandwidth: number;
  readonly memoryWattsPerBandwidth: number;
  readonly diskMebibytesPerSecond: number;
  readonly diskWatts: number;
  readonly gpu?: Gpu;
  /** Losses of the power supply, as part of what load adds; and how much that part grows by the watt. */
  readonly supplyLoss: number;
  readonly supplyLossPerWatt: number;
  /** CPU time of the control plane for an invocation, at the nominal frequency. */
  readonly controlPlaneCpuSeconds: number;
  /** CPU time that the operating system takes all the time, in cores; its power is part of idle. */
  readonly osCores: number;
  readonly embodiedKilograms: number;
  readonly lifetimeYears: number;
}

/** Processors that its operating system counts. */
export const logicalProcessors = (machine: Machine): number => machine.cores * machine.threadsPerCore;

/** Frequency with so many cores busy. */
export function gigahertzAt({ turbo, nominalGigahertz }: Machine, busyCores: number): number {
  let before = turbo[0];
  if (before === undefined) return nominalGigahertz;
  for (const bin of turbo) {
    if (busyCores <= bin.busyCores) {
      const width = bin.busyCores - before.busyCores;
      const part = width > 0 ? Math.max(0, busyCores - before.busyCores) / width : 0;
      return before.gigahertz + (bin.gigahertz - before.gigahertz) * part;
    }
    before = bin;
  }
  return before.gigahertz;
}
