import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { HeldInvocation, ServerGate } from './gate.js';
import { machineNamed } from './machines.js';
import { randomWorkload } from './random-workload.js';
import { type SimulatedServer, simulateServer } from './simulate-server.js';

const SECONDS = 60;

function run(gate?: ServerGate): SimulatedServer {
  const machine = machineNamed('desktop');
  const workload = randomWorkload(seededRandom(3), machine, {
    durationSeconds: SECONDS,
    functions: 3,
    load: 0.7,
  });
  return simulateServer({
    machine,
    workload,
    seed: 3,
    durationSeconds: SECONDS,
    leadSeconds: 5,
    ...(gate && { gate }),
  });
}

const OPEN: ServerGate = { arrives: () => true, ended: () => {}, sampled: () => {} };

describe('a gate', () => {
  it('that lets everyone through changes nothing, and is told all', () => {
    const [arrived, ended]: [string[], string[]] = [[], []];
    let joules = 0;
    const open = run({
      arrives: ({ function: name }) => arrived.push(name) > 0,
      ended: (name) => void ended.push(name),
      sampled: (time, seconds, watts) => {
        if (time > 0.5) joules += watts * seconds;
      },
    });
    const free = run();
    expect(open.trace).toEqual(free.trace);
    expect(arrived).toHaveLength(free.trace.invocations.start.length);
    expect(ended.sort()).toEqual(arrived.sort());
    expect(joules).toBeCloseTo(free.truth.energyJoules, 4);
  });

  it('decides how many run at a time', () => {
    const waiting: HeldInvocation[] = [];
    let running = 0;
    let most = 0;
    const { trace, truth } = run({
      arrives: (invocation) => {
        if (running === 0) return ++running > 0;
        waiting.push(invocation);
        return false;
      },
      ended: () => {
        running--;
        const next = waiting.shift();
        if (next === undefined) return;
        running++;
        next.release();
      },
      sampled: () => {
        most = Math.max(most, running);
      },
    });
    const { start, end } = trace.invocations;
    expect(most).toBe(1);
    expect(start).toHaveLength(run().trace.invocations.start.length);
    for (let row = 1; row < start.length; row++)
      expect(start[row]).toBeGreaterThanOrEqual((end[row - 1] ?? 0) - 1e-6);
    const parts = truth.functions.reduce(
      (sum, { totalJoules }) => sum + totalJoules,
      truth.unattributedJoules,
    );
    expect(parts / truth.energyJoules).toBeCloseTo(1, 9);
  });

  it('holds invocations until a sample, and gives some up', () => {
    const held: HeldInvocation[] = [];
    let dropped = 0;
    const { trace } = run({
      ...OPEN,
      arrives: (invocation) => {
        held.push(invocation);
        return false;
      },
      sampled: (time) => {
        if (time < 30) return;
        for (const each of held.splice(0))
          if (++dropped % 2 === 0) each.release();
          else each.drop();
      },
    });
    const all = run().trace.invocations.start.length;
    expect(trace.invocations.start.length).toBe(Math.floor(all / 2));
    expect(Math.min(...trace.invocations.start)).toBeGreaterThanOrEqual(30);
  });
});
