import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logicalProcessors, type Machine } from './machine.js';
import { MACHINES, machineNamed } from './machines.js';
import { type Activity, noActivity, PowerState } from './power-state.js';
import { MEMORY_LEVELS } from './profile.js';

function stateOf(machine: Machine, activity: Partial<Activity>): PowerState {
  const state = new PowerState(machine);
  state.update({ ...noActivity(), ...activity });
  return state;
}

/** Threads of one memory level, with one function that keeps the floor up. */
const running = (threads: number, level = 0): Partial<Activity> => {
  const counts = new Float64Array(MEMORY_LEVELS.length);
  counts[level] = threads;
  return { threads: counts, weighted: counts, floorFunctions: 1 };
};

const watts = (machine: Machine, threads: number): number => stateOf(machine, running(threads)).systemWatts;

const counts = fc.array(fc.nat(60), {
  minLength: MEMORY_LEVELS.length,
  maxLength: MEMORY_LEVELS.length,
});
const activities = fc.record({
  threads: counts.map((values) => Float64Array.from(values)),
  corePower: fc.double({ min: 0.5, max: 2, noNaN: true }),
  diskJobs: fc.nat(5),
  gpuOccupancy: fc.double({ min: 0, max: 3, noNaN: true }),
  floorFunctions: fc.nat(4),
  gpuFunctions: fc.nat(4),
});

describe.each(MACHINES)('PowerState of a $name', (machine) => {
  it('tells parts that sum up to what the machine draws above idle', () => {
    fc.assert(
      fc.property(activities, ({ corePower, ...rest }) => {
        const activity = { ...rest, weighted: rest.threads.map((count) => count * corePower) };
        const state = stateOf(machine, activity);
        let parts = activity.diskJobs * state.diskWatts + activity.gpuOccupancy * state.gpuWatts;
        parts += activity.floorFunctions * state.floorWatts + activity.gpuFunctions * state.gpuFloorWatts;
        activity.threads.forEach((count, level) => {
          if (count === 0) return;
          parts += count * (corePower * (state.coreWatts[level] ?? 0) + (state.sharedWatts[level] ?? 0));
        });
        const above = state.systemWatts - machine.idleWatts;
        expect(Math.abs(parts - above)).toBeLessThanOrEqual(1e-12 * state.systemWatts);
        expect(state.cpuWatts).toBeLessThanOrEqual(state.systemWatts);
      }),
    );
  });

  it('draws idle power without work, jumps to a floor, then grows ever more slowly while cores fill up', () => {
    expect(stateOf(machine, {}).systemWatts).toBe(machine.idleWatts);
    expect(stateOf(machine, {}).cpuWatts).toBe(machine.idleCpuWatts);
    const jump = watts(machine, 1) - machine.idleWatts;
    expect(jump).toBeGreaterThan(machine.floorCpuWatts + machine.floorPlatformWatts);
    const full = watts(machine, logicalProcessors(machine));
    const half = watts(machine, Math.ceil(machine.cores / 2));
    expect(full).toBeGreaterThan(half);
    // Concave: half of the cores cost more than half of what all do.
    expect(half - machine.idleWatts).toBeGreaterThan((full - machine.idleWatts) / 2);
    for (let threads = 2; threads <= logicalProcessors(machine); threads++)
      expect(watts(machine, threads)).toBeGreaterThan(watts(machine, threads - 1) - 1e-9);
  });

  it('slows every thread as more run, and never does less work in sum', () => {
    let [rate, sum] = [Number.POSITIVE_INFINITY, 0];
    for (let threads = 1; threads <= 2 * logicalProcessors(machine); threads++) {
      const now = stateOf(machine, running(threads)).workRate[0] ?? 0;
      expect(now).toBeLessThanOrEqual(rate);
      expect(threads * now).toBeGreaterThanOrEqual(sum * 0.999);
      [rate, sum] = [now, threads * now];
    }
  });

  it('gives threads beyond its processors a part of the time each', () => {
    const logical = logicalProcessors(machine);
    expect(stateOf(machine, running(logical)).cpuShare).toBe(1);
    expect(stateOf(machine, running(4 * logical)).cpuShare).toBe(0.25);
  });
});

describe('PowerState', () => {
  const desktop = machineNamed('desktop');

  it('slows work that waits for memory when the memory is asked for more than it can give, and no other', () => {
    const level = MEMORY_LEVELS.length - 1;
    const rate = (threads: number, of: number): number =>
      stateOf(desktop, running(threads, level)).workRate[of] ?? 0;
    const bound = rate(6, level) / rate(1, level);
    const free = rate(6, 0) / rate(1, 0);
    expect(bound).toBeLessThan(0.75 * free);
  });

  it('lets a board share its GPU once it is fully occupied', () => {
    const board = machineNamed('board');
    const half = stateOf(board, { gpuOccupancy: 0.5, gpuFunctions: 1 });
    const full = stateOf(board, { gpuOccupancy: 1, gpuFunctions: 1 });
    const twice = stateOf(board, { gpuOccupancy: 2, gpuFunctions: 1 });
    expect([half.gpuRate, full.gpuRate, twice.gpuRate]).toEqual([1, 1, 0.5]);
    expect(twice.systemWatts).toBeCloseTo(full.systemWatts, 9);
    expect(half.systemWatts).toBeLessThan(full.systemWatts);
  });
});
