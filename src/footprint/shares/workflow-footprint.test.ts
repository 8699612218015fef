import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../maths/index.js';
import type { StageInvocation } from './stage-tally.js';
import { type WorkflowRun, workflowFootprint } from './workflow-footprint.js';

const ran = (
  stage: string,
  startSeconds: number,
  endSeconds: number,
  joules: number | undefined,
  name = stage,
): StageInvocation => ({
  stage,
  function: name,
  startSeconds,
  endSeconds,
  ...(joules !== undefined && { joules }),
});

/** split → (fast, slow) → join, with a branch to the side that nothing waits for. */
const graph = {
  stages: ['split', 'fast', 'slow', 'join', 'log'],
  edges: [
    ['split', 'fast'],
    ['split', 'slow'],
    ['fast', 'join'],
    ['slow', 'join'],
    ['split', 'log'],
  ],
} as const;
const invocations = [
  ran('split', 0, 2, 10),
  ran('fast', 2, 3, 4, 'resize'),
  ran('fast', 2.5, 5, 6, 'resize'),
  ran('slow', 2, 9, 30),
  ran('join', 10, 12, 8),
  ran('log', 2, 4, 1),
];

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** A run over a random graph, in which what is later may wait for what is earlier. */
function randomRun(seed: number): WorkflowRun {
  const random = seededRandom(seed);
  const stages = Array.from({ length: 1 + random.below(8) }, (_, i) => `s${i}`);
  const edges = stages.flatMap((to, i) =>
    stages.slice(0, i).flatMap((from) => (random.uniform() < 0.4 ? [[from, to] as const] : [])),
  );
  const order = stages.toReversed();
  return {
    graph: { stages: order, edges },
    invocations: Array.from({ length: random.below(40) }, () => {
      const start = 10 * random.uniform();
      const joules = random.uniform() < 0.1 ? undefined : 10 ** (6 * random.uniform() - 3);
      return ran(
        stages[random.below(stages.length)] ?? 's0',
        start,
        start + random.exponential(),
        joules,
        `f${random.below(3)}`,
      );
    }),
    resources: ['storage', 'network'].slice(random.below(3)).map((name) => ({
      name,
      energy: { activeJoules: 50 * random.uniform(), idleJoules: 90 * random.uniform() },
      useByStage: Object.fromEntries(
        stages.filter(() => random.uniform() < 0.5).map((stage) => [stage, random.below(1e9)]),
      ),
      useByOthers: Array.from({ length: random.below(3) }, () => random.below(1e9)),
    })),
  };
}

describe('workflowFootprint', () => {
  it('adds up by function, stage, critical path and run', () => {
    const footprint = workflowFootprint({ graph, invocations });
    expect(footprint.joules).toBe(59);
    expect(footprint.criticalPath).toEqual({ stages: ['split', 'slow', 'join'], seconds: 12, joules: 48 });
    expect(footprint.stages[1]).toEqual({
      name: 'fast',
      invocations: 2,
      withoutEnergy: 0,
      functions: { resize: { invocations: 2, withoutEnergy: 0, joules: 10 } },
      span: { startSeconds: 2, endSeconds: 5 },
      slackSeconds: 4,
      isCritical: false,
      functionJoules: 10,
      resourceJoules: {},
      joules: 10,
    });
    expect(footprint.stages.map(({ slackSeconds }) => slackSeconds)).toEqual([0, 4, 0, 0, 8]);
  });

  it('shares storage by use, and what it draws anyway evenly among its users', () => {
    const footprint = workflowFootprint({
      graph,
      invocations,
      resources: [
        {
          name: 'storage',
          energy: { activeJoules: 100, idleJoules: 30 },
          useByStage: { split: 6e6, join: 2e6 },
          useByOthers: [2e6],
        },
        { name: 'network', useByStage: { split: 1e9 } },
        { name: 'cache', energy: { activeJoules: 0, idleJoules: 5 }, useByStage: {} },
      ],
    });
    expect(footprint.stages[0]?.resourceJoules).toEqual({ storage: 70, cache: 0 });
    expect(footprint.stages[0]?.joules).toBe(80);
    expect(footprint.stages[3]?.joules).toBe(38);
    expect(footprint.joules).toBe(59 + 100);
    expect(footprint.resources).toEqual([
      { name: 'storage', joules: 100, othersJoules: 30, unattributedJoules: 0 },
      { name: 'network', reason: 'its power is not known' },
      { name: 'cache', joules: 0, othersJoules: 0, unattributedJoules: 5 },
    ]);
  });

  it('loses and makes no joule', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const run = randomRun(seed);
        const footprint = workflowFootprint(run);
        const given = sum([...run.invocations].map(({ joules = 0 }) => joules));
        const drawn = sum(
          (run.resources ?? []).map(({ energy }) => (energy?.activeJoules ?? 0) + (energy?.idleJoules ?? 0)),
        );
        const elsewhere = sum(
          footprint.resources.map(
            ({ othersJoules = 0, unattributedJoules = 0 }) => othersJoules + unattributedJoules,
          ),
        );
        expect(footprint.joules + elsewhere).toBeCloseTo(given + drawn, 8);
        expect(sum(footprint.stages.map(({ joules = 0 }) => joules))).toBeCloseTo(footprint.joules, 8);
        const byFunction = footprint.stages.flatMap(({ functions }) => Object.values(functions));
        expect(sum(byFunction.map(({ joules = 0 }) => joules))).toBeCloseTo(footprint.functionJoules, 8);
        expect(footprint.functionJoules + footprint.resourceJoules).toBeCloseTo(footprint.joules, 8);
      }),
    );
  });

  it('finds a critical path that ends last, without slack', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const { stages, criticalPath } = workflowFootprint(randomRun(seed));
        const ends = stages.flatMap(({ span }) => span?.endSeconds ?? []);
        if (criticalPath === undefined) {
          expect(ends).toEqual([]);
          return;
        }
        const path = criticalPath.stages.map((name) => stages.find((stage) => stage.name === name));
        expect(path.at(-1)?.span?.endSeconds).toBe(Math.max(...ends));
        for (const stage of path) expect(stage?.isCritical).toBe(true);
        expect(path.at(-1)?.slackSeconds).toBe(0);
        expect(criticalPath.joules).toBeCloseTo(sum(path.map((stage) => stage?.joules ?? 0)), 8);
      }),
    );
  });

  it('waits through a stage that did not run', () => {
    const footprint = workflowFootprint({
      graph: {
        stages: ['a', 'skipped', 'b'],
        edges: [
          ['a', 'skipped'],
          ['skipped', 'b'],
        ],
      },
      invocations: [ran('a', 0, 1, 1), ran('b', 1, 2, 1)],
    });
    expect(footprint.criticalPath?.stages).toEqual(['a', 'b']);
    expect(footprint.stages[1]).toEqual({
      name: 'skipped',
      invocations: 0,
      withoutEnergy: 0,
      functions: {},
      isCritical: false,
      functionJoules: 0,
      resourceJoules: {},
      joules: 0,
    });
  });

  it('does not take energy that nobody knows for none', () => {
    const footprint = workflowFootprint({
      graph,
      invocations: [ran('split', 0, 1, undefined), ran('slow', 1, 2, 5), ran('slow', 1, 3, undefined)],
    });
    expect(footprint.stages[0]).not.toHaveProperty('joules');
    expect(footprint.stages[0]?.functions).toEqual({ split: { invocations: 1, withoutEnergy: 1 } });
    expect(footprint.stages[2]).toMatchObject({ joules: 5, withoutEnergy: 1 });
    expect(footprint).toMatchObject({ joules: 5, invocations: 3, withoutEnergy: 2 });
  });

  it('has nothing to say of a run in which nothing ran', () => {
    const footprint = workflowFootprint({ graph, invocations: [] });
    expect(footprint).toMatchObject({ joules: 0, invocations: 0 });
    expect(footprint).not.toHaveProperty('criticalPath');
  });

  it('refuses what is no workflow and no footprint, and says where', () => {
    const run = (change: Partial<WorkflowRun>) => () => workflowFootprint({ graph, invocations, ...change });
    const circle = [...graph.edges, ['join', 'split']] as const;
    expect(run({ graph: { ...graph, edges: circle } })).toThrow(
      'a circle among the stages split, fast, slow, join, log',
    );
    expect(run({ graph: { ...graph, edges: [['split', 'nowhere']] } })).toThrow(
      'there is no stage "nowhere"',
    );
    expect(run({ graph: { stages: ['a', 'a'], edges: [] } })).toThrow('two stages "a"');
    expect(run({ invocations: [ran('join', 2, 1, 5)] })).toThrow('join in stage "join" ran from 2 s to 1 s');
    expect(run({ invocations: [ran('join', 1, 2, Number.NaN)] })).toThrow('took NaN J');
    expect(run({ invocations: [ran('elsewhere', 1, 2, 3)] })).toThrow('there is no stage "elsewhere"');
    const storage = { name: 'storage', energy: { activeJoules: 1, idleJoules: 1 }, useByStage: {} };
    expect(run({ resources: [storage, storage] })).toThrow('two resources "storage"');
    expect(run({ resources: [{ ...storage, useByStage: { nowhere: 1 } }] })).toThrow(
      'there is no stage "nowhere"',
    );
    expect(run({ resources: [{ ...storage, useByStage: { join: -1 } }] })).toThrow(
      'storage: use of user 3 is -1',
    );
  });
});
