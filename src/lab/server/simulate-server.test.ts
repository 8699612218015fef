import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { UsageTable } from '../../model/index.js';
import { MACHINES, machineNamed } from './machines.js';
import { simulateWithMarginals } from './marginal.js';
import { PLAIN_PROFILE } from './profile.js';
import { randomWorkload } from './random-workload.js';
import { randomSensors } from './sensors.js';
import { type ServerOptions, type SimulatedServer, simulateServer } from './simulate-server.js';
import { atLoad, type Workload } from './workload.js';

const DURATION_SECONDS = 120;

const anyRun = fc
  .record({
    machine: fc.constantFrom(...MACHINES),
    seed: fc.nat(),
    load: fc.double({ min: 0.05, max: 1.3, noNaN: true }),
  })
  .map(({ machine, seed, load }): ServerOptions => {
    const random = seededRandom(seed);
    const workload = randomWorkload(random, machine, {
      durationSeconds: DURATION_SECONDS,
      load,
      highestRate: 30,
    });
    return { machine, seed, workload, durationSeconds: DURATION_SECONDS, leadSeconds: 10 };
  });

function run(machineName: string, seed: number, change: Partial<ServerOptions> = {}): SimulatedServer {
  const machine = machineNamed(machineName);
  const workload = randomWorkload(seededRandom(seed), machine, {
    durationSeconds: DURATION_SECONDS,
    functions: 4,
  });
  return simulateServer({ machine, workload, seed, durationSeconds: DURATION_SECONDS, ...change });
}

/** A column of usage summed up by principal. */
function byPrincipal(
  usage: UsageTable | undefined,
  column: 'cpuSeconds' | 'instructions',
): Record<string, number> {
  const sums: Record<string, number> = {};
  usage?.[column].forEach((value, row) => {
    const name = usage.principals[usage.principalIndex[row] ?? 0] ?? '';
    sums[name] = (sums[name] ?? 0) + value;
  });
  return sums;
}

const single = (profile: Partial<typeof PLAIN_PROFILE>, perSecond = 0.5): Workload => ({
  functions: [{ profile: { ...PLAIN_PROFILE, ...profile }, arrivals: { kind: 'poisson', perSecond } }],
});

describe('simulateServer', () => {
  it('accounts for every joule: functions and what nobody has make up what the machine drew', () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        const { truth, trace } = simulateServer(options);
        const sum = truth.functions.reduce((joules, { totalJoules }) => joules + totalJoules, 0);
        const relative = (sum + truth.unattributedJoules) / truth.energyJoules - 1;
        expect(Math.abs(relative)).toBeLessThan(1e-9);
        // What an ideal sensor showed since the start of the work is the same energy.
        let shown = 0;
        trace.power.t.forEach((t, row) => {
          if (t > 0.5) shown += trace.power.systemWatts[row] ?? 0;
        });
        expect(Math.abs(shown / truth.energyJoules - 1)).toBeLessThan(1e-9);
        for (const { workJoules, floorJoules, controlPlaneJoules } of truth.functions)
          expect(Math.min(workJoules, floorJoules, controlPlaneJoules)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same for the same seed, and another for another', () => {
    expect(run('board', 3)).toEqual(run('board', 3));
    expect(run('board', 3).trace.power.systemWatts).not.toEqual(run('board', 4).trace.power.systemWatts);
  });

  it('begins and ends with an idle machine, and logs invocations in order of their starts', () => {
    const { trace, truth } = run('desktop', 1, { leadSeconds: 7 });
    const { t, systemWatts, cpuWatts } = trace.power;
    expect(t[0]).toBe(-6);
    expect(t.at(-1)).toBe(truth.windowSeconds);
    for (const row of [0, 6, t.length - 1]) {
      expect(systemWatts[row]).toBeCloseTo(14, 9);
      expect(cpuWatts[row]).toBeCloseTo(3, 9);
    }
    const { start, end } = trace.invocations;
    expect(start).toEqual(start.slice().sort());
    expect(end.every((time, row) => time > (start[row] ?? 0))).toBe(true);
    expect(truth.windowSeconds).toBeGreaterThan(Math.max(...end));
  });

  it('does with a function left out all the other work, to the same amount, asked for at the same times', () => {
    const whole = run('desktop', 11, { usage: 'counters' });
    const [left = ''] = whole.trace.invocations.functions;
    const rest = run('desktop', 11, { usage: 'counters', without: [left] });
    const [all, others] = [whole, rest].map(({ trace }) => byPrincipal(trace.usage, 'instructions'));
    for (const { name, invocations } of rest.truth.functions) {
      expect(whole.truth.functions.find((known) => known.name === name)?.invocations).toBe(invocations);
      expect((others?.[`fn:${name}`] ?? 0) / (all?.[`fn:${name}`] ?? 0)).toBeCloseTo(1, 9);
    }
    expect(rest.trace.invocations.functions).not.toContain(left);
    expect(rest.truth.energyJoules).toBeLessThan(whole.truth.energyJoules);
  });

  it('takes longer for the same work under more load', () => {
    const machine = machineNamed('desktop');
    const latencies = [0.1, 0.6, 0.95].map((load) => {
      const workload = atLoad(single({ cpuSeconds: 0.5 }), machine, load);
      const { truth } = simulateServer({ machine, workload, seed: 5, durationSeconds: 600, usage: 'none' });
      return truth.functions[0]?.meanLatencySeconds ?? 0;
    });
    const [low = 0, middle = 0, high = 0] = latencies;
    expect(middle).toBeGreaterThan(1.2 * low);
    expect(high).toBeGreaterThan(1.3 * middle);
  });

  it('lets invocations wait when their memory is not there', () => {
    const machine = { ...machineNamed('desktop'), memoryMebibytes: 1000 };
    const workload = single({ memoryMebibytes: 400, waitSeconds: 2 }, 4);
    const { trace } = simulateServer({ machine, workload, seed: 1, durationSeconds: 60 });
    const { start, end } = trace.invocations;
    const most = Math.max(
      ...start.map((time) => start.filter((other, row) => other <= time && (end[row] ?? 0) > time).length),
    );
    expect(most).toBe(2);
  });

  it('starts functions cold when they have not run for a while, and not again right after', () => {
    const machine = machineNamed('server');
    const arrivals = { kind: 'periodic', everySeconds: 50, batch: 1, jitterSeconds: 0 } as const;
    const starts = (keepAliveSeconds?: number): number => {
      const workload = {
        functions: [{ profile: PLAIN_PROFILE, arrivals }],
        ...(keepAliveSeconds && { keepAliveSeconds }),
      };
      const { truth } = simulateServer({ machine, workload, seed: 1, durationSeconds: 500 });
      return truth.functions[0]?.coldStarts ?? Number.NaN;
    };
    expect([starts(), starts(100), starts(10)]).toEqual([0, 1, 10]);
  });

  it('lets functions appear and vanish', () => {
    const [each] = single({}, 5).functions;
    if (each === undefined) throw new Error('no function');
    const workload = { functions: [{ ...each, fromSeconds: 20, untilSeconds: 40 }] };
    const { trace } = simulateServer({
      machine: machineNamed('board'),
      workload,
      seed: 2,
      durationSeconds: 60,
    });
    expect(trace.invocations.start.length).toBeGreaterThan(50);
    expect(Math.min(...trace.invocations.start)).toBeGreaterThan(20);
    expect(Math.max(...trace.invocations.start)).toBeLessThan(41);
  });

  it('tells usage that sums up to the system, with or without counters', () => {
    const { usage } = run('server', 2).trace;
    const { system = 0, ...parts } = byPrincipal(usage, 'cpuSeconds');
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0) / system).toBeCloseTo(1, 12);
    expect(Object.keys(parts)).toEqual(expect.arrayContaining(['control-plane', 'os']));
    const bare = run('server', 2, { usage: 'time' }).trace.usage;
    expect(bare?.cpuSeconds).toEqual(usage?.cpuSeconds);
    expect(bare?.cycles.every(Number.isNaN)).toBe(true);
    expect(run('server', 2, { usage: 'none' }).trace.usage).toBeUndefined();
  });

  it("puts the GPU's power on record when asked to, on machines that have one, and changes nothing else", () => {
    const { acceleratorWatts = new Float64Array(0), ...others } = run('board', 5, { accelerator: true }).trace
      .power;
    expect(others).toEqual(run('board', 5).trace.power);
    expect(run('desktop', 5, { accelerator: true }).trace.power).not.toHaveProperty('acceleratorWatts');
    const { idleWatts = 0, floorWatts = 0, fullWatts = 0 } = machineNamed('board').gpu ?? {};
    expect(Math.min(...acceleratorWatts)).toBeCloseTo(idleWatts, 9);
    expect(Math.max(...acceleratorWatts)).toBeGreaterThan(idleWatts + floorWatts);
    expect(Math.max(...acceleratorWatts)).toBeLessThan(idleWatts + floorWatts + fullWatts + 1e-9);
  });

  it('describes the machine, and its idle power when asked to', () => {
    expect(run('desktop', 1).trace.description).toEqual({
      cores: 12,
      embodiedKilograms: 175,
      lifetimeYears: 5,
    });
    expect(run('desktop', 1, { tellIdle: true }).trace.description).toMatchObject({
      idleWatts: 14,
      idleCpuWatts: 3,
    });
    const { description, invocations } = run('board', 1).trace;
    expect(description.acceleratorFunctions).toEqual(
      invocations.functions.filter((name) => name.startsWith('gpu')),
    );
  });

  it('leaves idle to nobody when no function ran', () => {
    const { truth } = simulateServer({
      machine: machineNamed('board'),
      workload: { functions: [] },
      seed: 1,
      durationSeconds: 10,
    });
    expect(truth.unattributedJoules).toBeCloseTo(7.5 * truth.windowSeconds, 9);
    expect(truth.energyJoules).toBeCloseTo(truth.unattributedJoules, 9);
  });

  it('changes what sensors show without changing what happens', () => {
    const machine = machineNamed('desktop');
    const [ideal, faulty] = [{}, { sensors: randomSensors(seededRandom(1), machine) }].map((sensors) =>
      run('desktop', 6, sensors),
    );
    expect(faulty?.truth).toEqual(ideal?.truth);
    expect(faulty?.trace.invocations).toEqual(ideal?.trace.invocations);
    expect(faulty?.trace.power.systemWatts).not.toEqual(ideal?.trace.power.systemWatts);
  });

  it.each([
    [{ without: ['nobody'] }, /no function "nobody"/],
    [{ durationSeconds: 0 }, /duration above 0/],
    [{ workload: single({ gpuSeconds: 1, gpuOccupancy: 1 }) }, /needs a GPU/],
    [{ workload: single({ memoryMebibytes: 1e9 }) }, /more memory/],
    [{ workload: { functions: [...single({}).functions, ...single({}).functions] } }, /same name/],
  ])('refuses %j', (change, message) => {
    expect(() => run('desktop', 1, change)).toThrow(message);
  });
});

describe('simulateWithMarginals', () => {
  it('finds that a function which is alone adds all that is above idle: its work, the floor and its dispatch', () => {
    const machine = machineNamed('desktop');
    const options = { machine, workload: single({ cpuSeconds: 1 }), seed: 8, durationSeconds: 100 };
    const { truth, trace } = simulateWithMarginals(options);
    const [
      { marginalJoules = 0, workJoules = 0, floorJoules = 0, controlPlaneJoules = 0, invocations = 0 } = {},
    ] = truth.functions;
    expect(marginalJoules / (workJoules + floorJoules + controlPlaneJoules)).toBeCloseTo(1, 9);
    expect(trace.truth?.functions.plain?.marginalJoules).toBeCloseTo(marginalJoules / invocations, 9);
    expect(trace.truth?.functions.plain?.individualJoules).toBeCloseTo(
      (workJoules + floorJoules) / invocations,
      9,
    );
  });

  it('finds hardly any of the floor in what a function adds to a machine that others keep awake', () => {
    const machine = machineNamed('desktop');
    const busy = { ...PLAIN_PROFILE, name: 'busy', cpuSeconds: 2 };
    const [rare] = single({ cpuSeconds: 1 }, 0.1).functions;
    if (rare === undefined) throw new Error('no function');
    const workload = {
      functions: [rare, { profile: busy, arrivals: { kind: 'poisson', perSecond: 2 } as const }],
    };
    const { truth } = simulateWithMarginals({ machine, workload, seed: 8, durationSeconds: 300 }, ['plain']);
    const [first, second] = truth.functions;
    const { marginalJoules = 0, workJoules = 0, floorJoules = 0, controlPlaneJoules = 0 } = first ?? {};
    expect(marginalJoules).toBeLessThan(workJoules + controlPlaneJoules + 0.2 * floorJoules);
    expect(second?.marginalJoules).toBeUndefined();
  });
});
