import type { UsageTable } from '../../model/index.js';
import { Column } from './column.js';
import type { CpuLane } from './cpu-lane.js';
import type { FunctionMeter } from './function-meter.js';
import type { Machine } from './machine.js';
import { type FunctionProfile, MEMORY_LEVELS } from './profile.js';

/** Whether usage is told: with all counters, with CPU time alone (no performance counters, as in a virtual machine), or not. */
export type UsageDetail = 'counters' | 'time' | 'none';

/** The control plane and the operating system run ordinary code. */
const SHARED_INSTRUCTIONS_PER_CYCLE = 1.2;
const CACHE_LINE_BYTES = 64;

interface Counters {
  cpuSeconds: number;
  cycles: number;
  instructions: number;
  llcMisses: number;
}

const noCounters = (): Counters => ({ cpuSeconds: 0, cycles: 0, instructions: 0, llcMisses: 0 });

/** What a lane's counters would show since the start. */
function countersOf(lane: CpuLane, machine: Machine, instructionsPerCycle: number, level: number): Counters {
  const bytes = lane.work * (MEMORY_LEVELS[level] ?? 0) * machine.coreBandwidth * 1e9;
  return {
    cpuSeconds: lane.cpuSeconds,
    cycles: lane.gigacycles * 1e9,
    instructions: lane.work * machine.nominalGigahertz * 1e9 * instructionsPerCycle,
    llcMisses: bytes / CACHE_LINE_BYTES,
  };
}

/** Writes down who used the processor, sample by sample. */
export class UsageRecorder {
  readonly #machine: Machine;
  readonly #profiles: readonly FunctionProfile[];
  readonly #detail: UsageDetail;
  readonly #last: Counters[];
  readonly #principal = new Column();
  readonly #columns = {
    t: new Column(),
    cpu: new Column(),
    cycles: new Column(),
    instructions: new Column(),
  };
  readonly #misses = new Column();

  constructor(machine: Machine, profiles: readonly FunctionProfile[], detail: UsageDetail) {
    this.#machine = machine;
    this.#profiles = profiles;
    this.#detail = detail;
    this.#last = Array.from({ length: profiles.length + 1 }, noCounters);
  }

  get wanted(): boolean {
    return this.#detail !== 'none';
  }

  /** What was used since the sample before; the meters must be settled. */
  record(
    time: number,
    seconds: number,
    meters: readonly FunctionMeter[],
    control: CpuLane,
    idleGhz: number,
  ): void {
    const machine = this.#machine;
    const system = noCounters();
    meters.forEach(({ own }, index) => {
      const profile = this.#profiles[index];
      if (profile === undefined) return;
      const now = countersOf(own, machine, profile.instructionsPerCycle, profile.memoryLevel);
      this.#push(time, index, this.#since(index, now), system);
    });
    const shared = countersOf(control, machine, SHARED_INSTRUCTIONS_PER_CYCLE, 0);
    this.#push(time, meters.length, this.#since(meters.length, shared), system);
    const cycles = machine.osCores * seconds * idleGhz * 1e9;
    const os = {
      cpuSeconds: machine.osCores * seconds,
      cycles,
      instructions: cycles * SHARED_INSTRUCTIONS_PER_CYCLE,
      llcMisses: 0,
    };
    this.#push(time, meters.length + 1, os, system);
    this.#push(time, meters.length + 2, system, noCounters());
  }

  table(): UsageTable | undefined {
    if (!this.wanted) return undefined;
    const { t, cpu, cycles, instructions } = this.#columns;
    return {
      principals: [...this.#profiles.map(({ name }) => `fn:${name}`), 'control-plane', 'os', 'system'],
      principalIndex: Uint32Array.from(this.#principal.toArray()),
      t: t.toArray(),
      cpuSeconds: cpu.toArray(),
      cycles: cycles.toArray(),
      instructions: instructions.toArray(),
      llcMisses: this.#misses.toArray(),
    };
  }

  #since(index: number, now: Counters): Counters {
    const last = this.#last[index] ?? noCounters();
    this.#last[index] = now;
    return {
      cpuSeconds: now.cpuSeconds - last.cpuSeconds,
      cycles: now.cycles - last.cycles,
      instructions: now.instructions - last.instructions,
      llcMisses: now.llcMisses - last.llcMisses,
    };
  }

  /** A principal that did nothing has no row; what it did counts in the sum. */
  #push(time: number, principal: number, used: Counters, sum: Counters): void {
    // Kernels count nanoseconds, processors whole events.
    const cpuSeconds = Math.round(used.cpuSeconds * 1e9) / 1e9;
    if (cpuSeconds <= 0) return;
    const counted = this.#detail === 'counters';
    const told = (count: number): number => (counted ? Math.round(count) : Number.NaN);
    const [cycles, instructions] = [told(used.cycles), told(used.instructions)];
    const llcMisses = told(used.llcMisses);
    this.#principal.push(principal);
    this.#columns.t.push(time);
    this.#columns.cpu.push(cpuSeconds);
    this.#columns.cycles.push(cycles);
    this.#columns.instructions.push(instructions);
    this.#misses.push(llcMisses);
    sum.cpuSeconds += cpuSeconds;
    sum.cycles += cycles;
    sum.instructions += instructions;
    sum.llcMisses += llcMisses;
  }
}
