import { CpuLane } from './cpu-lane.js';
import type { FunctionProfile } from './profile.js';
import type { ProgressClock } from './progress-clock.js';
import { SharedPart } from './shared-part.js';

/** What a function took so far, part by part. */
export class FunctionMeter {
  readonly own: CpuLane;
  /** What the control plane did for it. */
  readonly control = new CpuLane(0, 1);
  readonly disk = new SharedPart();
  readonly gpu = new SharedPart();
  invocations = 0;
  coldStarts = 0;
  /** Seconds from start to end of all its invocations. */
  runSeconds = 0;

  constructor({ memoryLevel, corePower }: FunctionProfile) {
    this.own = new CpuLane(memoryLevel, corePower);
  }

  /** An invocation of it has ended. */
  count(seconds: number, cold: boolean): void {
    this.invocations++;
    if (cold) this.coldStarts++;
    this.runSeconds += seconds;
  }

  settle(clock: ProgressClock): void {
    this.own.settle(clock);
    this.control.settle(clock);
    this.disk.settle(clock.diskJoules);
    this.gpu.settle(clock.gpuJoules);
  }

  /** Energy of its own work: what its cores, its memory traffic, and its jobs on the disk and the GPU took. */
  get ownJoules(): number {
    return this.own.joules + this.disk.joules + this.gpu.joules;
  }
}
