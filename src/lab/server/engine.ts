import type { Random } from '../../maths/index.js';
import { Demand } from './demand.js';
import { EventHeap } from './event-heap.js';
import { amountOf, type Flight, newFlight, PHASES } from './flight.js';
import type { HeldInvocation, ServerGate } from './gate.js';
import { gigahertzAt, type Machine } from './machine.js';
import { MemoryGate } from './memory-gate.js';
import { type EnergyCourse, EnergyRecorder, InvocationRecorder } from './recorder.js';
import { Stage } from './stage.js';
import { type UsageDetail, UsageRecorder } from './usage-recorder.js';
import { WarmPool } from './warm-pool.js';
import type { Workload } from './workload.js';

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
  readonly onSample: (time: number) => void;
  /** Who decides when invocations may begin; at once where nobody does. */
  readonly gate?: ServerGate | undefined;
}

/**
 * A server, event by event. Between two events nothing changes: speeds and power are steady, and everything that grows with
 * time is exact. An event changes what is going on; speeds and power follow.
 */
export class ServerEngine {
  readonly #options: EngineOptions;
  readonly #arrivals = new EventHeap();
  readonly #demands: readonly Demand[];
  readonly #pools: readonly (WarmPool | undefined)[];
  readonly #memory: MemoryGate;
  readonly #flights: Flight[] = [];
  readonly #freeSlots: number[] = [];
  #underWay = 0;
  /** The machine's energy at the last sample. */
  #sampledJoules = 0;
  readonly stage: Stage;
  readonly energy = new EnergyRecorder();
  readonly invocations = new InvocationRecorder();
  readonly usage: UsageRecorder;

  constructor(options: EngineOptions) {
    const { machine, workload, random, durationSeconds, leadSeconds } = options;
    const { functions, keepAliveSeconds } = workload;
    const profiles = functions.map(({ profile }) => profile);
    this.#options = options;
    this.#memory = new MemoryGate(machine.memoryMebibytes);
    this.#demands = functions.map(
      (each) => new Demand(each, machine, random.fork(`function ${each.profile.name}`), durationSeconds),
    );
    this.#pools = functions.map(() =>
      keepAliveSeconds === undefined ? undefined : new WarmPool(keepAliveSeconds),
    );
    this.stage = new Stage(machine, profiles, -leadSeconds);
    this.usage = new UsageRecorder(machine, profiles, options.usage);
    functions.forEach((_, index) => void this.#announce(index));
  }

  /** Until all work has ended and the machine has been idle for a while. */
  run(): EnergyCourse {
    const { leadSeconds, coolSeconds, durationSeconds, periodSeconds, stepsPerPeriod } = this.#options;
    const stepSeconds = periodSeconds / stepsPerPeriod;
    const { clock, floor } = this.stage;
    this.energy.record(clock);
    let end = Number.POSITIVE_INFINITY;
    for (let step = 1; clock.time < end - stepSeconds / 2; step++) {
      this.#runUntil(-leadSeconds + step * stepSeconds);
      this.energy.record(clock);
      if (step % stepsPerPeriod !== 0) continue;
      this.#sample();
      const idle = this.#underWay === 0 && this.#arrivals.size === 0 && floor.count === 0;
      if (idle && end === Number.POSITIVE_INFINITY) end = Math.max(clock.time, durationSeconds) + coolSeconds;
    }
    this.stage.settle();
    return this.energy.course(-leadSeconds, stepSeconds);
  }

  /** All that happens up to a moment. */
  #runUntil(limit: number): void {
    const { stage } = this;
    for (;;) {
      const change = stage.nextChange();
      const arrival = this.#arrivals.nextKey;
      stage.advance(Math.min(change, arrival, limit));
      if (change <= arrival && change <= limit) {
        const slot = stage.change();
        if (slot !== undefined) this.#leave(slot);
      } else if (arrival <= limit) this.#arrive(this.#arrivals.pop());
      else return;
      stage.update();
    }
  }

  /** The next arrival of a function. */
  #announce(index: number): void {
    const time = this.#demands[index]?.nextArrival() ?? Number.POSITIVE_INFINITY;
    if (time < Number.POSITIVE_INFINITY) this.#arrivals.push(time, index);
  }

  #arrive(index: number): void {
    const slot = this.#freeSlots.pop() ?? this.#flights.push(newFlight()) - 1;
    const flight = this.#flights[slot];
    if (flight === undefined) return;
    flight.function = index;
    flight.phase = 0;
    flight.cold = false;
    this.#demands[index]?.draw(flight);
    this.#underWay++;
    this.#announce(index);
    const { gate } = this.#options;
    if (gate === undefined || gate.arrives(this.#held(slot, flight), this.stage.clock.time))
      this.#proceed(slot, flight);
  }

  #held(slot: number, flight: Flight): HeldInvocation {
    return {
      function: this.#nameOf(flight),
      release: () => this.#proceed(slot, flight),
      drop: () => {
        this.#underWay--;
        this.#freeSlots.push(slot);
      },
    };
  }

  #nameOf(flight: Flight): string {
    return this.#options.workload.functions[flight.function]?.profile.name ?? '';
  }

  /** The part that an invocation is in has ended; it goes on unless it has to wait for memory. */
  #leave(slot: number): void {
    const flight = this.#flights[slot];
    const phase = PHASES[flight?.phase ?? 0];
    if (flight === undefined || phase === undefined) return;
    this.stage.leave(flight.function, phase);
    if (phase === 'control') {
      if (!this.#memory.tryEnter(slot, this.#memoryOf(flight))) return;
      this.#begin(flight);
    }
    this.#proceed(slot, flight);
  }

  /** Into the next part that has any length. */
  #proceed(slot: number, flight: Flight): void {
    for (let phase = PHASES[++flight.phase]; phase !== undefined; phase = PHASES[++flight.phase]) {
      const amount = amountOf(flight, phase);
      if (amount > 0) {
        this.stage.enter(slot, flight.function, phase, amount);
        return;
      }
    }
    this.#finish(slot, flight);
  }

  #begin(flight: Flight): void {
    const { time } = this.stage.clock;
    const pool = this.#pools[flight.function];
    flight.start = time;
    flight.cold = pool !== undefined && !pool.take(time);
  }

  #finish(slot: number, flight: Flight): void {
    const { time } = this.stage.clock;
    const { function: index, start, cold } = flight;
    this.invocations.record(index, start, time, cold);
    this.stage.meters[index]?.count(time - start, cold);
    this.#pools[index]?.put(time);
    this.#memory.leave(this.#memoryOf(flight));
    this.#underWay--;
    this.#freeSlots.push(slot);
    for (let waiter = this.#memory.admit(); waiter !== undefined; waiter = this.#memory.admit()) {
      const admitted = this.#flights[waiter];
      if (admitted === undefined) break;
      this.#begin(admitted);
      this.#proceed(waiter, admitted);
    }
    this.#options.gate?.ended(this.#nameOf(flight), time);
  }

  #memoryOf(flight: Flight): number {
    return this.#options.workload.functions[flight.function]?.profile.memoryMebibytes ?? 0;
  }

  #sample(): void {
    const { machine, periodSeconds, onSample, gate } = this.#options;
    const { clock, meters, control } = this.stage;
    if (this.usage.wanted) {
      this.stage.settle();
      this.usage.record(clock.time, periodSeconds, meters, control, gigahertzAt(machine, 0));
    }
    const watts = (clock.systemJoules - this.#sampledJoules) / periodSeconds;
    this.#sampledJoules = clock.systemJoules;
    onSample(clock.time);
    if (gate === undefined) return;
    gate.sampled(clock.time, periodSeconds, watts);
    this.stage.update();
  }
}
