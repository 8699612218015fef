import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderedGraph } from '../../footprint/index.js';
import { seededRandom } from '../../maths/index.js';
import { isFeasible, type Option, objectiveOf, type Picks, type Problem } from './problem.js';
import { search } from './search.js';
import { solve } from './solve.js';

const NONE = Number.POSITIVE_INFINITY;

const graphOf = (count: number, edges: readonly (readonly [number, number])[]) =>
  orderedGraph({
    stages: Array.from({ length: count }, (_, i) => `s${i}`),
    edges: edges.map(([a, b]) => [`s${a}`, `s${b}`] as const),
  });

/** Tries everything. */
function bruteForce(problem: Problem): number | undefined {
  let best: number | undefined;
  const go = (picks: Picks): void => {
    const stage = picks.length;
    if (stage === problem.options.length) {
      if (!isFeasible(problem, picks)) return;
      const value = objectiveOf(problem, picks);
      if (best === undefined || value < best) best = value;
      return;
    }
    for (const place of (problem.options[stage] ?? []).keys()) go([...picks, place]);
  };
  go([]);
  return best;
}

const anyOption = fc.record({
  seconds: fc.integer({ min: 1, max: 30 }).map((value) => value / 4),
  amounts: fc.tuple(
    fc.integer({ min: 1, max: 40 }).map((value) => value / 3),
    fc.integer({ min: 0, max: 20 }).map((value) => value / 7),
  ),
});

const anyProblem: fc.Arbitrary<Problem> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc
    .record({
      options: fc.array(fc.array(anyOption, { minLength: 1, maxLength: 4 }), {
        minLength: count,
        maxLength: count,
      }),
      // Edges lead from earlier to later stages, so that there is no circle.
      edges: fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 })), { maxLength: 9 }),
      objective: fc.constantFrom('time' as const, 0, 1),
      deadline: fc.option(fc.integer({ min: 1, max: 40 }), { nil: NONE }),
      limits: fc.tuple(
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: NONE }),
        fc.option(fc.integer({ min: 0, max: 12 }), { nil: NONE }),
      ),
    })
    .map(({ edges, ...rest }) => ({
      ...rest,
      graph: graphOf(
        count,
        edges.filter(([a, b]) => a < b),
      ),
    })),
);

describe('solve', () => {
  it('finds what trying everything finds', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const solution = solve(problem);
        const best = bruteForce(problem);
        if (best === undefined) expect(solution.status).toBe('infeasible');
        else {
          expect(solution).toMatchObject({ status: 'optimal' });
          if (solution.status === 'infeasible') return;
          expect(isFeasible(problem, solution.picks)).toBe(true);
          expect(solution.value).toBeCloseTo(best, 9);
          expect(solution.bound).toBeCloseTo(best, 9);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('would find it by the search alone, without bounds and anything known', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const all = problem.options.map((options) => [...options.keys()]);
        const { picks, unseen } = search(problem, all, [], NONE);
        const best = bruteForce(problem);
        expect(unseen).toBe(NONE);
        if (best === undefined) expect(picks).toBeUndefined();
        else {
          expect(picks && isFeasible(problem, picks)).toBe(true);
          expect(picks && objectiveOf(problem, picks)).toBeCloseTo(best, 9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stays right where a limit is exactly what can just be had', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const quickest = bruteForce({ ...problem, objective: 'time', deadline: NONE, limits: [NONE, NONE] });
        if (quickest === undefined) return;
        const tight: Problem = { ...problem, objective: 0, deadline: quickest, limits: [NONE, NONE] };
        const solution = solve(tight);
        expect(solution).toMatchObject({
          status: 'optimal',
          value: expect.closeTo(bruteForce(tight) ?? Number.NaN, 9),
        });
      }),
      { numRuns: 200 },
    );
  });

  it('says so when it gave up part of the search, and what is the least that could be', () => {
    const problem = trade(8, 20, 'chain');
    const whole = solve(problem);
    const partial = solve(problem, { mostLabels: 1 });
    if (whole.status === 'infeasible' || partial.status === 'infeasible')
      throw new Error('there are such picks');
    expect(partial.bound).toBeLessThanOrEqual(whole.value + 1e-9);
    expect(partial.value).toBeGreaterThanOrEqual(whole.value - 1e-9);
    expect(isFeasible(problem, partial.picks)).toBe(true);
  });

  it.each(['chain', 'fan', 'layers', 'random'] as const)(
    'proves 10 stages with 60 configurations each: %s',
    (shape) => {
      const solution = solve(trade(10, 60, shape));
      expect(solution.status).toBe('optimal');
    },
  );

  it.each(['chain', 'layers'] as const)('proves it with a budget beside the deadline: %s', (shape) => {
    expect(solve({ ...trade(10, 60, shape), limits: [NONE, 3.2] }).status).toBe('optimal');
    expect(
      solve({ ...trade(10, 60, shape), objective: 'time', deadline: NONE, limits: [NONE, 3.2] }).status,
    ).toBe('optimal');
  });
});

type Shape = 'chain' | 'fan' | 'layers' | 'random';

const SHAPES: Record<Shape, (count: number) => [number, number][]> = {
  chain: (count) => Array.from({ length: count - 1 }, (_, i) => [i, i + 1]),
  fan: (count) =>
    Array.from({ length: count - 2 }, (_, i) => i + 1).flatMap((i): [number, number][] => [
      [0, i],
      [i, count - 1],
    ]),
  layers: (count) =>
    Array.from({ length: count }, (_, i) => i).flatMap((i) =>
      Array.from({ length: count }, (_, j) => j)
        .filter((j) => Math.floor(j / 3) === Math.floor(i / 3) + 1)
        .map((j): [number, number] => [i, j]),
    ),
  random: (count) => {
    const random = seededRandom(5);
    return Array.from({ length: count }, (_, i) => i).flatMap((i) =>
      Array.from({ length: count - i - 1 }, (_, k) => i + k + 1)
        .filter(() => random.uniform() < 0.3)
        .map((j): [number, number] => [i, j]),
    );
  },
};

/** Stages that run quicker for more energy and money, with some chance; half of what time there could be. */
function trade(count: number, choices: number, shape: Shape): Problem {
  const random = seededRandom(count * 100 + choices);
  const graph = graphOf(count, SHAPES[shape](count));
  const options = Array.from({ length: count }, (): Option[] => {
    const work = 5 + 20 * random.uniform();
    return Array.from({ length: choices }, () => {
      const speed = 1 + 9 * random.uniform();
      return {
        seconds: (work / speed) * (1 + 0.2 * random.uniform()),
        amounts: [
          work * speed ** 0.6 * (1 + 0.2 * random.uniform()),
          work * 0.02 * (1 + 0.3 * random.uniform()),
        ],
      };
    });
  });
  const problem: Problem = { graph, options, objective: 0, deadline: NONE, limits: [NONE, NONE] };
  const [quickest, laziest] = [solve({ ...problem, objective: 'time' }), solve(problem)];
  if (quickest.status === 'infeasible' || laziest.status === 'infeasible')
    throw new Error('there are such picks');
  const time = (picks: Picks) => objectiveOf({ ...problem, objective: 'time' }, picks);
  return { ...problem, deadline: (time(quickest.picks) + time(laziest.picks)) / 2 };
}
