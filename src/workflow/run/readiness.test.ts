import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvedStages } from '../testing/resolved-stages.js';
import { Readiness, scatteredRange } from './readiness.js';

const workers = fc.integer({ min: 1, max: 40 });

describe('what a scattered input needs', () => {
  it('covers every partition, and no worker goes without', () => {
    fc.assert(
      fc.property(workers, workers, (m, n) => {
        const seen = new Set<number>();
        for (let i = 0; i < n; i++) {
          const [first, last] = scatteredRange(m, n, i);
          expect(last).toBeGreaterThan(first);
          for (let partition = first; partition < last; partition++) seen.add(partition);
        }
        expect(seen.size).toBe(m);
      }),
    );
  });

  it('is seen alike from both sides', () => {
    fc.assert(
      fc.property(workers, workers, (m, n) => {
        for (let partition = 0; partition < m; partition++) {
          const needing = Array.from({ length: n }, (_, i) => i).filter((i) => {
            const [first, last] = scatteredRange(m, n, i);
            return partition >= first && partition < last;
          });
          const [first, last] = scatteredRange(n, m, partition);
          expect(needing).toEqual(Array.from({ length: last - first }, (_, i) => first + i));
        }
      }),
    );
  });
});

describe('readiness', () => {
  it('lets every partition start exactly once, in whatever order the others finish', () => {
    const sizes = fc.tuple(workers, workers, workers);
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), ([a, b, c], chance) => {
        const stages = resolvedStages((flow, { scatter, gather, each }) => {
          const first = flow.stage('first', { workers: a, run: () => [1] });
          const second = flow.stage('second', {
            workers: b,
            inputs: { first: scatter(first) },
            run: () => [2],
          });
          const third = flow.stage('third', { inputs: { second: each(second) }, run: () => [3] });
          flow.stage('fourth', {
            workers: c,
            inputs: { first: gather(first), third: scatter(third) },
            run: () => 4,
          });
        });
        const readiness = new Readiness(stages);
        const waiting = [...readiness.initial()];
        const started = new Set<string>();
        while (waiting.length > 0) {
          const [next] = waiting.splice((chance.next().value ?? 0) % waiting.length, 1);
          if (next === undefined) break;
          const id = next.join('/');
          expect(started.has(id)).toBe(false);
          started.add(id);
          waiting.push(...readiness.finish(...next));
        }
        expect(started.size).toBe(a + b + b + c);
      }),
    );
  });

  it('waits for a stage that gives no data', () => {
    const stages = resolvedStages((flow) => {
      flow.stage('prepare', { run: () => 1 });
      flow.stage('work', { after: ['prepare'], run: () => 2 });
    });
    const readiness = new Readiness(stages);
    expect([...readiness.initial()]).toEqual([[0, 0]]);
    expect([...readiness.finish(0, 0)]).toEqual([[1, 0]]);
  });
});
