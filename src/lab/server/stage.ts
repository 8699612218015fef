import { CpuLane } from './cpu-lane.js';
import { EventHeap } from './event-heap.js';
import type { Phase } from './flight.js';
import { FloorPlayers } from './floor-players.js';
import { FunctionMeter } from './function-meter.js';
import type { Machine } from './machine.js';
import { noActivity, PowerState } from './power-state.js';
import { Processor } from './processor.js';
import type { FunctionProfile } from './profile.js';
import { ProgressClock } from './progress-clock.js';

/** When the first of those that share a part ends, at the rate that they make progress now. */
const endTime = (ends: EventHeap, time: number, progress: number, rate: number): number =>
  ends.size === 0 ? Number.POSITIVE_INFINITY : time + Math.max(0, (ends.nextKey - progress) / rate);

/** The machine, and who is on which part of it at the moment. Invocations are known by their slots, functions by their indices. */
export class Stage {
  readonly #profiles: readonly FunctionProfile[];
  readonly #activity = noActivity();
  readonly #state: PowerState;
  readonly #processor = new Processor(this.#activity);
  readonly #waiting = new EventHeap();
  readonly #disk = new EventHeap();
  readonly #gpu = new EventHeap();
  readonly clock: ProgressClock;
  readonly meters: readonly FunctionMeter[];
  /** What the control plane used for all functions. */
  readonly control = new CpuLane(0, 1);
  readonly floor: FloorPlayers;
  readonly gpuFloor: FloorPlayers;
  #next: 'processor' | 'disk' | 'gpu' | 'waiting' | 'floor' | 'gpuFloor' = 'waiting';

  constructor(machine: Machine, profiles: readonly FunctionProfile[], startSeconds: number) {
    this.#profiles = profiles;
    this.#state = new PowerState(machine);
    this.clock = new ProgressClock(startSeconds);
    this.meters = profiles.map((profile) => new FunctionMeter(profile));
    this.floor = new FloorPlayers(profiles.length, machine.hysteresisSeconds);
    this.gpuFloor = new FloorPlayers(profiles.length, machine.hysteresisSeconds);
  }

  /** When something ends by itself, if nothing else happens before. */
  nextChange(): number {
    const { clock } = this;
    const state = this.#state;
    let time = this.#processor.nextEnd(clock, state);
    this.#next = 'processor';
    const disk = endTime(this.#disk, clock.time, clock.diskMebibytes, state.diskRate);
    if (disk < time) [time, this.#next] = [disk, 'disk'];
    const gpu = endTime(this.#gpu, clock.time, clock.gpuSeconds, state.gpuRate);
    if (gpu < time) [time, this.#next] = [gpu, 'gpu'];
    if (this.#waiting.nextKey < time) [time, this.#next] = [this.#waiting.nextKey, 'waiting'];
    if (this.floor.nextExpiry < time) [time, this.#next] = [this.floor.nextExpiry, 'floor'];
    if (this.gpuFloor.nextExpiry < time) [time, this.#next] = [this.gpuFloor.nextExpiry, 'gpuFloor'];
    return time;
  }

  /** At the time of the next change: the slot of the invocation whose part ended, if it was one. */
  change(): number | undefined {
    const { clock } = this;
    switch (this.#next) {
      case 'processor':
        return this.#processor.take(clock);
      case 'disk':
        clock.diskMebibytes = this.#disk.nextKey;
        return this.#disk.pop();
      case 'gpu':
        clock.gpuSeconds = this.#gpu.nextKey;
        return this.#gpu.pop();
      case 'waiting':
        return this.#waiting.pop();
      case 'floor':
        this.floor.expire(clock.floorJoules);
        return undefined;
      case 'gpuFloor':
        this.gpuFloor.expire(clock.gpuFloorJoules);
        return undefined;
    }
  }

  advance(time: number): void {
    this.clock.advance(time, this.#state);
  }

  /** Speeds and power, after something changed. */
  update(): void {
    this.#activity.floorFunctions = this.floor.count;
    this.#activity.gpuFunctions = this.gpuFloor.count;
    this.#state.update(this.#activity);
  }

  enter(slot: number, index: number, phase: Phase, amount: number): void {
    const [meter, profile] = [this.meters[index], this.#profiles[index]];
    if (meter === undefined || profile === undefined) return;
    const { clock } = this;
    switch (phase) {
      case 'arrived':
        return;
      case 'control':
        this.control.add(1, clock);
        meter.control.add(1, clock);
        this.#processor.start(slot, amount, 1, 0, 1, clock);
        this.floor.enter(index, clock.floorJoules);
        return;
      case 'cold':
      case 'compute':
      case 'rest': {
        const threads = phase === 'cold' ? 1 : profile.threads;
        meter.own.add(threads, clock);
        this.#processor.start(slot, amount, threads, profile.memoryLevel, profile.corePower, clock);
        this.floor.enter(index, clock.floorJoules);
        return;
      }
      case 'wait':
        this.#waiting.push(clock.time + amount, slot);
        return;
      case 'disk':
        meter.disk.add(1, clock.diskJoules);
        this.#activity.diskJobs++;
        this.#disk.push(clock.diskMebibytes + amount, slot);
        return;
      case 'gpu':
        meter.gpu.add(profile.gpuOccupancy, clock.gpuJoules);
        this.#activity.gpuOccupancy += profile.gpuOccupancy;
        this.#gpu.push(clock.gpuSeconds + amount, slot);
        this.gpuFloor.enter(index, clock.gpuFloorJoules);
        return;
    }
  }

  leave(index: number, phase: Phase): void {
    const [meter, profile] = [this.meters[index], this.#profiles[index]];
    if (meter === undefined || profile === undefined) return;
    const { clock } = this;
    switch (phase) {
      case 'arrived':
      case 'wait':
        return;
      case 'control':
        this.control.add(-1, clock);
        meter.control.add(-1, clock);
        this.#processor.end(1, 0, 1);
        this.floor.leave(index, clock.time);
        return;
      case 'cold':
      case 'compute':
      case 'rest': {
        const threads = phase === 'cold' ? 1 : profile.threads;
        meter.own.add(-threads, clock);
        this.#processor.end(threads, profile.memoryLevel, profile.corePower);
        this.floor.leave(index, clock.time);
        return;
      }
      case 'disk':
        meter.disk.add(-1, clock.diskJoules);
        this.#activity.diskJobs--;
        return;
      case 'gpu': {
        meter.gpu.add(-profile.gpuOccupancy, clock.gpuJoules);
        const left = this.#activity.gpuOccupancy - profile.gpuOccupancy;
        // What is left of a sum of fractions when the last has gone is rounding.
        this.#activity.gpuOccupancy = this.#gpu.size === 0 ? 0 : left;
        this.gpuFloor.leave(index, clock.time);
        return;
      }
    }
  }

  /** Brings the meters up to the moment. */
  settle(): void {
    for (const meter of this.meters) meter.settle(this.clock);
    this.control.settle(this.clock);
  }
}
