import { describe, expect, it } from 'vitest';
import { AttributeMode, attribute, validate } from '../src/footprint/index.js';
import {
  MACHINES,
  namedWorkload,
  simulateWithMarginals,
  typicalSensors,
  type WorkloadName,
} from '../src/lab/index.js';
import { seededRandom } from '../src/maths/index.js';
import type { Trace } from '../src/model/index.js';

const DURATION_SECONDS = 400;

function traceOf(machineName: string, workloadName: WorkloadName, seed: number): Trace {
  const machine = MACHINES.find(({ name }) => name === machineName);
  if (machine === undefined) throw new Error(`no machine ${machineName}`);
  const options = { durationSeconds: DURATION_SECONDS, functions: 4 };
  const workload = namedWorkload(workloadName, seededRandom(seed), machine, options);
  const sensors = typicalSensors(machine);
  return simulateWithMarginals({ machine, workload, seed, sensors, durationSeconds: DURATION_SECONDS }).trace;
}

const judged = (trace: Trace, mode: AttributeMode) =>
  validate(attribute(trace, { mode }), trace.truth, { invocations: trace.invocations });

describe.each(MACHINES.map(({ name }) => name))('the account of a simulated %s', (machine) => {
  it.each(['steady', 'mixed', 'bursty'] as const)(
    'comes near the truth under a %s load, and nearer than the published model',
    { timeout: 120_000 },
    (workload) => {
      const trace = traceOf(machine, workload, 5);
      const [own, published] = [judged(trace, AttributeMode.law), judged(trace, AttributeMode.full)];
      expect(own.compared).toHaveLength(4);
      expect(own.cosineSimilarity).toBeGreaterThanOrEqual(0.98);
      expect(own.individualDifference).toBeLessThan(0.25);
      expect(own.individualDifference).toBeLessThan((published.individualDifference ?? 0) / 2);
    },
  );

  it('claims no more than it can know where the machine is always full', { timeout: 120_000 }, () => {
    const trace = traceOf(machine, 'full', 1);
    const { functions } = attribute(trace);
    for (const { name, marginalJoules = Number.NaN, marginalErrorJoules = 0 } of functions) {
      const truth = trace.truth?.functions[name]?.marginalJoules ?? Number.NaN;
      expect(Math.abs(marginalJoules - truth)).toBeLessThan(3 * marginalErrorJoules);
    }
    // On processors that always wait the others take what one leaves free, and nobody sees how much that is.
    const parts = functions.map(
      ({ marginalJoules = 1, marginalErrorJoules = 0 }) => marginalErrorJoules / marginalJoules,
    );
    if (machine !== 'board') expect(Math.max(...parts)).toBeGreaterThan(0.25);
  });
});
