import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import { Demand } from './demand.js';
import type { Machine } from './machine.js';
import { machineNamed } from './machines.js';
import { PLAIN_PROFILE } from './profile.js';
import { simulateServer } from './simulate-server.js';
import type { WorkloadFunction } from './workload.js';

const CORES = 3;

/** Cores that always run at the same speed, and nothing else that takes time. */
const plainMachine: Machine = {
  ...machineNamed('desktop'),
  cores: CORES,
  threadsPerCore: 1,
  turbo: [{ busyCores: 1, gigahertz: 3.2 }],
  controlPlaneCpuSeconds: 0,
};

interface Job {
  readonly arrival: number;
  readonly threads: number;
  left: number;
}

/** Processor sharing as one would explain it: everyone is visited at every event. Returns the ends, in order. */
function endsOf(jobs: readonly Job[]): number[] {
  const coming = [...jobs].sort((a, b) => a.arrival - b.arrival);
  let running: Job[] = [];
  const ends: number[] = [];
  for (let time = 0; coming.length + running.length > 0; ) {
    const threads = running.reduce((sum, job) => sum + job.threads, 0);
    const share = Math.min(1, CORES / threads);
    const first = Math.min(...running.map(({ left, threads: own }) => left / (own * share)));
    const arrival = coming[0]?.arrival ?? Number.POSITIVE_INFINITY;
    const seconds = Math.min(first, arrival - time);
    for (const job of running) job.left -= job.threads * share * seconds;
    time += seconds;
    if (first > arrival - (time - seconds)) running.push(...coming.splice(0, 1));
    else {
      for (const job of running) if (job.left < 1e-9) ends.push(time);
      running = running.filter(({ left }) => left >= 1e-9);
    }
  }
  return ends;
}

const functions = fc.array(
  fc.record({
    cpuSeconds: fc.double({ min: 0.1, max: 4, noNaN: true }),
    threads: fc.integer({ min: 1, max: 5 }),
    perSecond: fc.double({ min: 0.1, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 4 },
);

it('ends every invocation when sharing the cores evenly among all threads ends it', () => {
  fc.assert(
    fc.property(functions, fc.nat(), (made, seed) => {
      const workload = made.map(
        ({ perSecond, ...rest }, index): WorkloadFunction => ({
          profile: { ...PLAIN_PROFILE, ...rest, name: `f${index}`, spread: 0.5 },
          arrivals: { kind: 'poisson', perSecond },
        }),
      );
      const durationSeconds = 30;
      const jobs = workload.flatMap((each, index): Job[] => {
        const random = seededRandom(seed).fork(`function f${index}`);
        const demand = new Demand(each, plainMachine, random, durationSeconds);
        const amounts = {
          controlWork: 0,
          coldWork: 0,
          cpuWork: 0,
          waitSeconds: 0,
          diskMebibytes: 0,
          gpuSeconds: 0,
        };
        const own: Job[] = [];
        for (
          let arrival = demand.nextArrival();
          arrival < Number.POSITIVE_INFINITY;
          arrival = demand.nextArrival()
        ) {
          demand.draw(amounts);
          own.push({ arrival, threads: each.profile.threads, left: amounts.cpuWork });
        }
        return own;
      });
      const { trace } = simulateServer({
        machine: plainMachine,
        workload: { functions: workload },
        seed,
        durationSeconds,
        usage: 'none',
      });
      const ends = trace.invocations.end.slice().sort();
      const expected = endsOf(jobs);
      expect(ends.length).toBe(expected.length);
      ends.forEach((end, index) => void expect(end).toBeCloseTo(expected[index] ?? Number.NaN, 5));
    }),
    { numRuns: 50 },
  );
});
