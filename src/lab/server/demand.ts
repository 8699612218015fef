import type { Random } from '../../maths/index.js';
import { arrivalTimes } from './arrivals.js';
import type { Machine } from './machine.js';
import type { WorkloadFunction } from './workload.js';

/** What one invocation will ask of the machine. */
export interface Amounts {
  controlWork: number;
  coldWork: number;
  cpuWork: number;
  waitSeconds: number;
  diskMebibytes: number;
  gpuSeconds: number;
}

const CONTROL_SPREAD = 0.25;
const COLD_SPREAD = 0.15;

const logNormal = (mean: number, spread: number, normal: number): number =>
  mean === 0 ? 0 : mean * Math.exp(spread * normal - spread ** 2 / 2);

/**
 * The invocations of one function, one after another. All chance is the function's own, and as much of it is taken for every
 * invocation: with other functions left out, the same invocations come at the same times with the same work.
 */
export class Demand {
  readonly #machine: Machine;
  readonly #profile: WorkloadFunction['profile'];
  readonly #until: number;
  readonly #work: Random;
  readonly #arrival: () => number;

  constructor(
    { profile, arrivals, fromSeconds = 0, untilSeconds = Number.POSITIVE_INFINITY }: WorkloadFunction,
    machine: Machine,
    random: Random,
    durationSeconds: number,
  ) {
    this.#machine = machine;
    this.#profile = profile;
    this.#until = Math.min(untilSeconds, durationSeconds);
    this.#work = random.fork('work');
    this.#arrival = arrivalTimes(arrivals, random.fork('arrivals'), fromSeconds);
  }

  /** Infinity when no more come. */
  nextArrival(): number {
    const time = this.#arrival();
    return time < this.#until ? time : Number.POSITIVE_INFINITY;
  }

  /** Fills in what the invocation that arrived asks for: a larger input is more of everything but waiting. */
  draw(amounts: Amounts): void {
    const { cpuSeconds, spread, waitSeconds, diskMebibytes, gpuSeconds, coldCpuSeconds } = this.#profile;
    const size = this.#work.normal();
    amounts.cpuWork = logNormal(cpuSeconds, spread, size);
    amounts.diskMebibytes = logNormal(diskMebibytes, spread, size);
    amounts.gpuSeconds = logNormal(gpuSeconds, spread, size);
    amounts.waitSeconds = logNormal(waitSeconds, spread, this.#work.normal());
    amounts.controlWork = logNormal(
      this.#machine.controlPlaneCpuSeconds,
      CONTROL_SPREAD,
      this.#work.normal(),
    );
    amounts.coldWork = logNormal(coldCpuSeconds, COLD_SPREAD, this.#work.normal());
  }
}
