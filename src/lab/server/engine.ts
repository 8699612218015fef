import type { Random } from '../../maths/index.js';
import { CpuLane } from './cpu-lane.js';
import { Demand } from './demand.js';
import { EventHeap } from './event-heap.js';
import { amountOf, type Flight, newFlight, PHASES } from './flight.js';
import { FloorPlayers } from './floor-players.js';
import { FunctionMeter } from './function-meter.js';
import { gigahertzAt, type Machine } from './machine.js';
import { noActivity, PowerState } from './power-state.js';
import { Processor } from './processor.js';
import type { FunctionProfile } from './profile.js';
import { ProgressClock } from './progress-clock.js';
import { type EnergyCourse, EnergyRecorder, InvocationRecorder } from './recorder.js';
import { type UsageDetail, UsageRecorder } from './usage-recorder.js';
import { WarmPool } from './warm-pool.js';
import type { Workload, WorkloadFunction } from './workload.js';

export interface EngineOptions {
  readonly machine: Machine;
  readonly workload: Workload;
  readonly random: Random;
  /** Invocations come for so long; then those under way are let end. */
  readonly durationSeconds: number;
  /** The idle machine before and after. */
  readonly leadSeconds: number;
  readonly coolSeconds: number;
  readonly periodSeconds: number;
  /** Into how many steps a sample's energy is divided. */
  readonly stepsPerPeriod: number;
  readonly usage: UsageDetail;
  readonly onProgress?: (simulatedSeconds: number) => void;
}

/** When the first of those that share a part ends, at the rate that they make progress now. */
const endTime = (ends: EventHeap, time: number, progress: number, rate: number): number =>
  ends.size === 0 ? Number.POSITIVE_INFINITY : time + Math.max(0, (ends.nextKey - progress) / rate);

/**
 * A server, event by event. Between two events nothing changes: speeds and power are steady, and everything that grows with
 * time is exact. An event changes what is going on; speeds and power follow.
 */
export class ServerEngine {
  readonly #options: EngineOptions;
  readonly #functions: readonly WorkloadFunction[];
  readonly #activity = noActivity();
  readonly #state: PowerState;
  readonly clock: ProgressClock;
  readonly #processor = new Processor(this.#activity);
  readonly #waiting = new EventHeap();
  readonly #disk = new EventHeap();
  readonly #gpu = new EventHeap();
  readonly #arrivals = new EventHeap();
  readonly #demands: readonly Demand[];
  readonly #pools: readonly (WarmPool | undefined)[];
  readonly #flights: Flight[] = [];
  readonly #free: number[] = [];
  /** Invocations that wait for memory, first come first served. */
  #queue: number[] = [];
  #queueHead = 0;
  #memoryUsed = 0;
  #underWay = 0;
  #step = 0;
  readonly meters: readonly FunctionMeter[];
  /** What the control plane used for all functions. */
  readonly #control = new CpuLane(0, 1);
  readonly floor: FloorPlayers;
  readonly gpuFloor: FloorPlayers;
  readonly energy = new EnergyRecorder();
  readonly invocations = new InvocationRecorder();
  readonly usage: UsageRecorder;

  constructor(options: EngineOptions) {
    const { machine, workload, random, durationSeconds, leadSeconds } = options;
    this.#options = options;
    this.#functions = workload.functions;
    this.#state = new PowerState(machine);
    this.clock = new ProgressClock(-leadSeconds);
    const count = workload.functions.length;
    this.floor = new FloorPlayers(count, machine.hysteresisSeconds);
    this.gpuFloor = new FloorPlayers(count, machine.hysteresisSeconds);
    this.meters = workload.functions.map(({ profile }) => new FunctionMeter(profile));
    this.#demands = workload.functions.map(
      (each) => new Demand(each, machine, random.fork(`function ${each.profile.name}`), durationSeconds),
    );
    const { keepAliveSeconds } = workload;
    this.#pools = workload.functions.map(() =>
      keepAliveSeconds === undefined ? undefined : new WarmPool(keepAliveSeconds),
    );
    this.usage = new UsageRecorder(
      machine,
      workload.functions.map(({ profile }) => profile),
      options.usage,
    );
    this.#demands.forEach((_, index) => void this.#announce(index));
  }

  /** Until all work has ended and the machine has been idle for a while. */
  run(): EnergyCourse {
    const { leadSeconds, coolSeconds, durationSeconds, periodSeconds, stepsPerPeriod } = this.#options;
    const stepSeconds = periodSeconds / stepsPerPeriod;
    this.energy.record(this.clock);
    let end = Number.POSITIVE_INFINITY;
    for (;;) {
      const nextStep = -leadSeconds + (this.#step + 1) * stepSeconds;
      if (this.#advanceToEvent(nextStep)) continue;
      this.#step++;
      this.energy.record(this.clock);
      if (this.#step % stepsPerPeriod !== 0) continue;
      this.#sample(periodSeconds);
      const { time } = this.clock;
      const idle = this.#underWay === 0 && this.#arrivals.size === 0 && this.floor.count === 0;
      if (end === Number.POSITIVE_INFINITY && idle) end = Math.max(time, durationSeconds) + coolSeconds;
      if (time >= end - stepSeconds / 2) break;
    }
    this.#settle();
    return this.energy.course(-leadSeconds, stepSeconds);
  }

  /** Goes on to what happens next, if it happens before `limit`; otherwise to `limit`. */
  #advanceToEvent(limit: number): boolean {
    const { clock } = this;
    const state = this.#state;
    const cpuTime = this.#processor.nextEnd(clock, state);
    const diskTime = endTime(this.#disk, clock.time, clock.diskMebibytes, state.diskRate);
    const gpuTime = endTime(this.#gpu, clock.time, clock.gpuSeconds, state.gpuRate);
    const own = Math.min(cpuTime, diskTime, gpuTime, this.#waiting.nextKey);
    const others = Math.min(this.#arrivals.nextKey, this.floor.nextExpiry, this.gpuFloor.nextExpiry);
    const time = Math.min(own, others, limit);
    clock.advance(time, state);
    if (time === limit && Math.min(own, others) > limit) return false;
    if (time === cpuTime) this.#leave(this.#processor.take(clock));
    else if (time === diskTime) this.#leave(this.#takeFrom(this.#disk, 'diskMebibytes'));
    else if (time === gpuTime) this.#leave(this.#takeFrom(this.#gpu, 'gpuSeconds'));
    else if (time === this.#waiting.nextKey) this.#leave(this.#waiting.pop());
    else if (time === this.#arrivals.nextKey) this.#arrive(this.#arrivals.pop());
    else if (time === this.floor.nextExpiry) this.floor.expire(clock.floorJoules);
    else this.gpuFloor.expire(clock.gpuFloorJoules);
    this.#activity.floorFunctions = this.floor.count;
    this.#activity.gpuFunctions = this.gpuFloor.count;
    state.update(this.#activity);
    return true;
  }

  #takeFrom(ends: EventHeap, progress: 'diskMebibytes' | 'gpuSeconds'): number {
    this.clock[progress] = ends.nextKey;
    return ends.pop();
  }

  #announce(index: number): void {
    const time = this.#demands[index]?.nextArrival() ?? Number.POSITIVE_INFINITY;
    if (time < Number.POSITIVE_INFINITY) this.#arrivals.push(time, index);
  }

  #arrive(index: number): void {
    let slot = this.#free.pop();
    if (slot === undefined) slot = this.#flights.push(newFlight()) - 1;
    const flight = this.#flights[slot];
    if (flight === undefined) return;
    flight.function = index;
    flight.phase = 0;
    flight.cold = false;
    this.#demands[index]?.draw(flight);
    this.#underWay++;
    this.#announce(index);
    this.#proceed(slot, flight);
  }

  /** The part that an invocation is in has ended. */
  #leave(slot: number): void {
    const flight = this.#flights[slot];
    const meter = this.meters[flight?.function ?? 0];
    const profile = this.#functions[flight?.function ?? 0]?.profile;
    if (flight === undefined || meter === undefined || profile === undefined) return;
    const { clock } = this;
    switch (PHASES[flight.phase]) {
      case 'control':
        meter.control.add(-1, clock);
        this.#control.add(-1, clock);
        this.#processor.end(1, 0, 1);
        this.floor.leave(flight.function, clock.time);
        if (!this.#admit(slot, flight, profile)) return;
        break;
      case 'cold':
        this.#leaveProcessor(flight, meter, profile, 1);
        break;
      case 'compute':
      case 'rest':
        this.#leaveProcessor(flight, meter, profile, profile.threads);
        break;
      case 'disk':
        meter.disk.add(-1, clock.diskJoules);
        this.#activity.diskJobs--;
        break;
      case 'gpu':
        meter.gpu.add(-profile.gpuOccupancy, clock.gpuJoules);
        this.#activity.gpuOccupancy =
          this.#gpu.size === 0 ? 0 : this.#activity.gpuOccupancy - profile.gpuOccupancy;
        this.gpuFloor.leave(flight.function, clock.time);
        break;
    }
    this.#proceed(slot, flight);
  }

  /** Into the next part that has any length. */
  #proceed(slot: number, flight: Flight): void {
    const meter = this.meters[flight.function];
    const profile = this.#functions[flight.function]?.profile;
    if (meter === undefined || profile === undefined) return;
    for (;;) {
      const phase = PHASES[++flight.phase];
      if (phase === undefined) {
        this.#finish(slot, flight, meter, profile);
        return;
      }
      const amount = amountOf(flight, phase);
      if (amount > 0) {
        this.#enter(slot, flight, meter, profile, phase, amount);
        return;
      }
    }
  }

  #enter(
    slot: number,
    flight: Flight,
    meter: FunctionMeter,
    profile: FunctionProfile,
    phase: string,
    amount: number,
  ): void {
    const { clock } = this;
    switch (phase) {
      case 'control':
        meter.control.add(1, clock);
        this.#control.add(1, clock);
        this.#processor.start(slot, amount, 1, 0, 1, clock);
        this.floor.enter(flight.function, clock.floorJoules);
        break;
      case 'cold':
        this.#enterProcessor(slot, flight, meter, profile, amount, 1);
        break;
      case 'compute':
      case 'rest':
        this.#enterProcessor(slot, flight, meter, profile, amount, profile.threads);
        break;
      case 'wait':
        this.#waiting.push(clock.time + amount, slot);
        break;
      case 'disk':
        meter.disk.add(1, clock.diskJoules);
        this.#activity.diskJobs++;
        this.#disk.push(clock.diskMebibytes + amount, slot);
        break;
      case 'gpu':
        meter.gpu.add(profile.gpuOccupancy, clock.gpuJoules);
        this.#activity.gpuOccupancy += profile.gpuOccupancy;
        this.#gpu.push(clock.gpuSeconds + amount, slot);
        this.gpuFloor.enter(flight.function, clock.gpuFloorJoules);
        break;
    }
  }

  #enterProcessor(
    slot: number,
    flight: Flight,
    meter: FunctionMeter,
    profile: FunctionProfile,
    work: number,
    threads: number,
  ): void {
    const { memoryLevel, corePower } = profile;
    meter.own.add(threads, this.clock);
    this.#processor.start(slot, work, threads, memoryLevel, corePower, this.clock);
    this.floor.enter(flight.function, this.clock.floorJoules);
  }

  #leaveProcessor(
    flight: Flight,
    meter: FunctionMeter,
    { memoryLevel, corePower }: FunctionProfile,
    threads: number,
  ): void {
    meter.own.add(-threads, this.clock);
    this.#processor.end(threads, memoryLevel, corePower);
    this.floor.leave(flight.function, this.clock.time);
  }

  /** Starts an invocation if there is memory for it and nobody waits for longer; otherwise it waits. */
  #admit(slot: number, flight: Flight, { memoryMebibytes }: FunctionProfile): boolean {
    const fits = this.#memoryUsed + memoryMebibytes <= this.#options.machine.memoryMebibytes;
    if (!fits || this.#queueHead < this.#queue.length) {
      this.#queue.push(slot);
      return false;
    }
    this.#begin(flight, memoryMebibytes);
    return true;
  }

  #begin(flight: Flight, memoryMebibytes: number): void {
    const { time } = this.clock;
    this.#memoryUsed += memoryMebibytes;
    flight.start = time;
    const pool = this.#pools[flight.function];
    flight.cold = pool !== undefined && !pool.take(time);
  }

  #finish(slot: number, flight: Flight, meter: FunctionMeter, { memoryMebibytes }: FunctionProfile): void {
    const { time } = this.clock;
    this.invocations.record(flight.function, flight.start, time, flight.cold);
    meter.invocations++;
    if (flight.cold) meter.coldStarts++;
    meter.runSeconds += time - flight.start;
    this.#pools[flight.function]?.put(time);
    this.#memoryUsed -= memoryMebibytes;
    this.#underWay--;
    this.#free.push(slot);
    this.#admitQueued();
  }

  #admitQueued(): void {
    while (this.#queueHead < this.#queue.length) {
      const slot = this.#queue[this.#queueHead] ?? 0;
      const flight = this.#flights[slot];
      const profile = this.#functions[flight?.function ?? 0]?.profile;
      if (flight === undefined || profile === undefined) return;
      if (this.#memoryUsed + profile.memoryMebibytes > this.#options.machine.memoryMebibytes) return;
      this.#queueHead++;
      if (this.#queueHead > 4096 && this.#queueHead > this.#queue.length / 2) {
        this.#queue = this.#queue.slice(this.#queueHead);
        this.#queueHead = 0;
      }
      this.#begin(flight, profile.memoryMebibytes);
      this.#proceed(slot, flight);
    }
  }

  #sample(seconds: number): void {
    if (this.usage.wanted) {
      this.#settle();
      const ghz = gigahertzAt(this.#options.machine, 0);
      this.usage.record(this.clock.time, seconds, this.meters, this.#control, ghz);
    }
    this.#options.onProgress?.(this.clock.time);
  }

  #settle(): void {
    for (const meter of this.meters) meter.settle(this.clock);
    this.#control.settle(this.clock);
  }
}
