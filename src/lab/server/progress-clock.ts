import type { PowerState } from './power-state.js';
import { MEMORY_LEVELS } from './profile.js';

/**
 * What one thread, job or function got since the start had it been there all along: integrals of a PowerState's figures.
 * Whoever was there from one moment to another got the difference, times what it is; so no event has to visit everyone.
 */
export class ProgressClock {
  time: number;
  systemJoules = 0;
  cpuJoules = 0;
  acceleratorJoules = 0;
  cpuSeconds = 0;
  /** Billions of cycles. */
  gigacycles = 0;
  readonly work = new Float64Array(MEMORY_LEVELS.length);
  readonly coreJoules = new Float64Array(MEMORY_LEVELS.length);
  readonly sharedJoules = new Float64Array(MEMORY_LEVELS.length);
  diskMebibytes = 0;
  diskJoules = 0;
  gpuSeconds = 0;
  gpuJoules = 0;
  floorJoules = 0;
  gpuFloorJoules = 0;

  constructor(start: number) {
    this.time = start;
  }

  advance(to: number, state: PowerState): void {
    const seconds = to - this.time;
    this.time = to;
    this.systemJoules += state.systemWatts * seconds;
    this.cpuJoules += state.cpuWatts * seconds;
    this.acceleratorJoules += state.acceleratorWatts * seconds;
    if (state.floorWatts > 0) this.floorJoules += state.floorWatts * seconds;
    if (state.running) this.#advanceWork(seconds, state);
    this.diskMebibytes += state.diskRate * seconds;
    this.diskJoules += state.diskWatts * seconds;
    this.gpuSeconds += state.gpuRate * seconds;
    this.gpuJoules += state.gpuWatts * seconds;
    this.gpuFloorJoules += state.gpuFloorWatts * seconds;
  }

  #advanceWork(seconds: number, state: PowerState): void {
    this.cpuSeconds += state.cpuShare * seconds;
    this.gigacycles += state.cpuShare * state.gigahertz * seconds;
    for (let level = 0; level < MEMORY_LEVELS.length; level++) {
      this.work[level] = (this.work[level] ?? 0) + (state.workRate[level] ?? 0) * seconds;
      this.coreJoules[level] = (this.coreJoules[level] ?? 0) + (state.coreWatts[level] ?? 0) * seconds;
      this.sharedJoules[level] = (this.sharedJoules[level] ?? 0) + (state.sharedWatts[level] ?? 0) * seconds;
    }
  }
}
