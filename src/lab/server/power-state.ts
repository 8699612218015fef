import { type CoreTable, coreTable } from './core-table.js';
import type { Machine } from './machine.js';
import { MEMORY_LEVELS } from './profile.js';

/** What is going on in the machine at a moment. */
export interface Activity {
  /** Threads that can run, by how bound to memory they are; and the same, each counted by its core power. */
  readonly threads: Float64Array;
  readonly weighted: Float64Array;
  diskJobs: number;
  gpuOccupancy: number;
  /** Functions that keep the processor's floor up, and the GPU's. */
  floorFunctions: number;
  gpuFunctions: number;
}

export const noActivity = (): Activity => ({
  threads: new Float64Array(MEMORY_LEVELS.length),
  weighted: new Float64Array(MEMORY_LEVELS.length),
  diskJobs: 0,
  gpuOccupancy: 0,
  floorFunctions: 0,
  gpuFunctions: 0,
});

/**
 * How fast everything goes and what it draws, until something changes. Figures by thread, job or function are what one of
 * them is accountable for, at the plug; multiplied by how many there are, they sum up to what the machine draws above idle.
 */
export class PowerState {
  readonly #machine: Machine;
  readonly #cores: CoreTable;
  systemWatts: number;
  cpuWatts: number;
  /** The GPU's own, as its counter has it. */
  acceleratorWatts: number;
  gigahertz = 0;
  /** Whether any thread runs. */
  running = false;
  /** CPU seconds that a thread gets in a second. */
  cpuShare = 0;
  /** Nominal work that a thread does in a second, by level. */
  readonly workRate = new Float64Array(MEMORY_LEVELS.length);
  /** Watts of a thread: in its core (to be multiplied by its core power), and in what all share (uncore, memory). */
  readonly coreWatts = new Float64Array(MEMORY_LEVELS.length);
  readonly sharedWatts = new Float64Array(MEMORY_LEVELS.length);
  /** Mebibytes per second that a job on the disk gets, and its watts. */
  diskRate = 0;
  diskWatts = 0;
  /** Seconds of GPU work that are done in a second, and watts by occupancy. */
  gpuRate = 0;
  gpuWatts = 0;
  floorWatts = 0;
  gpuFloorWatts = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#cores = coreTable(machine);
    this.systemWatts = machine.idleWatts;
    this.cpuWatts = machine.idleCpuWatts;
    this.acceleratorWatts = machine.gpu?.idleWatts ?? 0;
  }

  update(activity: Activity): void {
    const machine = this.#machine;
    const cpu = this.#processor(activity);
    const memory = this.#memory(activity);
    const { diskJobs, gpuOccupancy, floorFunctions, gpuFunctions } = activity;
    const disk = diskJobs > 0 ? machine.diskWatts : 0;
    const gpu = gpuOccupancy > 0 ? (machine.gpu?.fullWatts ?? 0) * Math.min(1, gpuOccupancy) : 0;
    const gpuFloor = gpuFunctions > 0 ? (machine.gpu?.floorWatts ?? 0) : 0;
    const [floorCpu, floorPlatform] =
      floorFunctions > 0 ? [machine.floorCpuWatts, machine.floorPlatformWatts] : [0, 0];
    const above = cpu + memory + disk + gpu + gpuFloor + floorCpu + floorPlatform;
    const plug = 1 + machine.supplyLoss + machine.supplyLossPerWatt * above;
    this.systemWatts = machine.idleWatts + above * plug;
    this.cpuWatts = machine.idleCpuWatts + cpu + floorCpu;
    this.acceleratorWatts = (machine.gpu?.idleWatts ?? 0) + gpu + gpuFloor;
    for (let level = 0; level < MEMORY_LEVELS.length; level++) {
      this.coreWatts[level] = (this.coreWatts[level] ?? 0) * plug;
      this.sharedWatts[level] = (this.sharedWatts[level] ?? 0) * plug;
    }
    this.diskRate = diskJobs > 0 ? machine.diskMebibytesPerSecond / diskJobs : 0;
    this.diskWatts = diskJobs > 0 ? (disk * plug) / diskJobs : 0;
    this.gpuRate = gpuOccupancy > 0 ? Math.min(1, 1 / gpuOccupancy) : 0;
    this.gpuWatts = gpuOccupancy > 0 ? (gpu * plug) / gpuOccupancy : 0;
    this.gpuFloorWatts = gpuFunctions > 0 ? (gpuFloor * plug) / gpuFunctions : 0;
    this.floorWatts = floorFunctions > 0 ? ((floorCpu + floorPlatform) * plug) / floorFunctions : 0;
  }

  /** Speeds and core power; returns the watts of cores and uncore. */
  #processor({ threads, weighted }: Activity): number {
    const machine = this.#machine;
    let runnable = 0;
    for (const count of threads) runnable += count;
    this.running = runnable > 0;
    if (runnable === 0) {
      this.gigahertz = this.#cores.gigahertz[0] ?? 0;
      this.cpuShare = 0;
      return 0;
    }
    const { gigahertz, speed: speeds, coreWatts, uncoreWatts } = this.#cores;
    const busy = Math.min(runnable, gigahertz.length - 1);
    const uncore = uncoreWatts[busy] ?? 0;
    this.gigahertz = gigahertz[busy] ?? 0;
    this.cpuShare = busy / runnable;
    const speed = (speeds[busy] ?? 0) / runnable;
    const slowness = machine.nominalGigahertz / this.gigahertz;
    const contention = this.#contention(threads, speed, slowness);
    const threadPower = (coreWatts[busy] ?? 0) / runnable;
    let watts = uncore;
    for (let level = 0; level < MEMORY_LEVELS.length; level++) {
      const bound = MEMORY_LEVELS[level] ?? 0;
      const time = (1 - bound) * slowness + bound * contention;
      this.workRate[level] = speed / time;
      const stalled = (bound * contention) / time;
      const core = threadPower * (1 - machine.stallSaving * stalled);
      this.coreWatts[level] = core;
      this.sharedWatts[level] = uncore / runnable;
      watts += core * (weighted[level] ?? 0);
    }
    return watts;
  }

  /** How much longer memory takes to answer, because more is asked of it than it can give: 1 or more. */
  #contention(threads: Float64Array, speed: number, slowness: number): number {
    let demand = 0;
    for (let level = 1; level < MEMORY_LEVELS.length; level++) {
      const bound = MEMORY_LEVELS[level] ?? 0;
      demand += ((threads[level] ?? 0) * bound * speed) / ((1 - bound) * slowness + bound);
    }
    return Math.max(1, (demand * this.#machine.coreBandwidth) / this.#machine.memoryBandwidth);
  }

  /** Adds what threads draw in the memory; returns the watts of it all. */
  #memory({ threads }: Activity): number {
    const { coreBandwidth, memoryWattsPerBandwidth } = this.#machine;
    let watts = 0;
    for (let level = 1; level < MEMORY_LEVELS.length; level++) {
      const count = threads[level] ?? 0;
      if (count === 0) continue;
      const each =
        (MEMORY_LEVELS[level] ?? 0) * (this.workRate[level] ?? 0) * coreBandwidth * memoryWattsPerBandwidth;
      this.sharedWatts[level] = (this.sharedWatts[level] ?? 0) + each;
      watts += each * count;
    }
    return watts;
  }
}
