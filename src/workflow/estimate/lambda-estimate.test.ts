import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LambdaOption } from '../../model/index.js';
import { doneInvocation } from '../profile/testing/invocations.js';
import { lambdaEstimate } from './lambda-estimate.js';
import { type LambdaWork, lambdaWorkOf } from './lambda-work.js';

const single = (seconds: number): LambdaWork => ({ parts: [{ wallSeconds: seconds, cpuSeconds: seconds }] });
const waiting = (seconds: number): LambdaWork => ({ parts: [{ wallSeconds: seconds, cpuSeconds: 0 }] });

const sizes = (work: readonly LambdaWork[], architecture = 'x86_64'): LambdaOption[] =>
  lambdaEstimate(work)
    .options.filter((option) => option.architecture === architecture)
    .sort((a, b) => a.memoryMib - b.memoryMib);

const anyWork: fc.Arbitrary<LambdaWork> = fc
  .record({
    wallSeconds: fc.double({ min: 0.001, max: 60, noNaN: true }),
    parallelism: fc.double({ min: 0, max: 8, noNaN: true }),
    limit: fc.option(fc.double({ min: 0.1, max: 8, noNaN: true }), { nil: undefined }),
  })
  .map(({ wallSeconds, parallelism, limit }) => ({
    parts: [{ wallSeconds, cpuSeconds: wallSeconds * Math.min(parallelism, limit ?? parallelism) }],
    ...(limit !== undefined && { cpuLimit: limit }),
  }));

describe('lambdaEstimate', () => {
  it('gives work of one thread a share of a processor below 1769 MiB, and no more than one above', () => {
    const seconds = new Map(
      sizes([single(2)]).map(({ memoryMib, totalSeconds }) => [memoryMib, totalSeconds]),
    );
    expect(seconds.get(128)).toBeCloseTo((2 * 1769) / 128, 9);
    expect([1769, 2048, 3538, 10_240].map((memoryMib) => seconds.get(memoryMib))).toEqual([2, 2, 2, 2]);
  });

  it('speeds up work that was seen to use several processors, up to as many', () => {
    const [parallel] = [{ parts: [{ wallSeconds: 1, cpuSeconds: 3 }] }];
    const seconds = new Map(
      sizes([parallel]).map(({ memoryMib, totalSeconds }) => [memoryMib, totalSeconds]),
    );
    expect(seconds.get(1769)).toBeCloseTo(3, 9);
    expect(seconds.get(3538)).toBeCloseTo(1.5, 9);
    expect(seconds.get(5307)).toBeCloseTo(1, 9);
    expect(seconds.get(10_240)).toBeCloseTo(1, 9);
  });

  it('lets waiting take as long with any memory', () => {
    expect(new Set(sizes([waiting(1)]).map(({ totalSeconds }) => totalSeconds))).toEqual(new Set([1]));
  });

  it('knows that a limit made work take longer where it was measured', () => {
    const halved: LambdaWork = { parts: [{ wallSeconds: 4, cpuSeconds: 2 }], cpuLimit: 0.5 };
    expect(sizes([halved]).find(({ memoryMib }) => memoryMib === 1769)?.totalSeconds).toBeCloseTo(2, 9);
    const { cpuLimit: _, ...unlimited } = halved;
    expect(sizes([unlimited]).find(({ memoryMib }) => memoryMib === 1769)?.totalSeconds).toBeCloseTo(4, 9);
  });

  it('prices what AWS charges', () => {
    const option = sizes([waiting(1)]).find(({ memoryMib }) => memoryMib === 1024);
    expect(option?.costUsd).toBeCloseTo(0.0000166667 + 0.0000002, 12);
  });

  it('estimates energy of what is held and of what is busy', () => {
    const option = sizes([{ parts: [{ wallSeconds: 10, cpuSeconds: 5 }] }]).find(
      ({ memoryMib }) => memoryMib === 1769,
    );
    expect(option?.joules).toBeCloseTo(10 * (0.74 + (1769 / 1024) * 0.392) + 5 * (3.5 - 0.74), 9);
    expect(lambdaEstimate([single(1)]).energy).toMatchObject({ provenance: 'estimated', uncertainty: 0.35 });
  });

  it('says which sizes are too small or too slow, puts them last and never calls them the best', () => {
    const { options } = lambdaEstimate([{ ...single(100), memoryPeakMib: 600.5 }]);
    const against = new Map(options.map(({ memoryMib, impossible }) => [memoryMib, impossible]));
    expect(against.get(512)).toBe('601 MiB were needed');
    expect(against.get(1024)).toBeUndefined();
    const slow = lambdaEstimate([single(400)]).options;
    expect(slow.find(({ memoryMib }) => memoryMib === 512)?.impossible).toBe('longer than 900 s');
    for (const list of [options, slow]) {
      const flags = list.map(({ impossible }) => impossible !== undefined);
      expect(flags).toEqual([...flags].sort());
      expect(list.filter(({ impossible, best }) => impossible !== undefined && best.length > 0)).toEqual([]);
    }
  });

  it('marks one best by each merit: of what is as fast, the cheapest', () => {
    const { options } = lambdaEstimate([
      single(3),
      waiting(1),
      { parts: [{ wallSeconds: 0.001, cpuSeconds: 0.002 }] },
    ]);
    const best = (merit: string) => options.filter((option) => option.best.some((each) => each === merit));
    expect(best('time').map(({ memoryMib, architecture }) => [memoryMib, architecture])).toEqual([
      [1769, 'arm64'],
    ]);
    expect(best('cost')).toEqual([options[0]]);
    expect(best('energy')).toHaveLength(1);
    expect(best('energy')[0]?.joules).toBe(Math.min(...options.map(({ joules }) => joules)));
  });

  it('says nothing is the best of nothing, and that memory is not known', () => {
    expect(lambdaEstimate([]).options.flatMap(({ best }) => best)).toEqual([]);
    expect(lambdaEstimate([single(1)]).assumptions.join()).toContain('memory is needed is not known');
    expect(lambdaEstimate([{ ...single(1), memoryPeakMib: 1 }]).assumptions.join()).not.toContain(
      'memory is needed',
    );
  });

  it('takes invocations without their cold start, with the limit that held', () => {
    const work = lambdaWorkOf(doneInvocation({ memoryPeakMib: 99 }));
    expect(work.parts.map(({ wallSeconds }) => wallSeconds)).toEqual([0.25, 1, 0.25]);
    expect(work).toMatchObject({ cpuLimit: 1, memoryPeakMib: 99 });
  });

  it('never takes longer with more memory', () => {
    fc.assert(
      fc.property(fc.array(anyWork, { minLength: 1, maxLength: 5 }), (work) => {
        const seconds = sizes(work).map(({ totalSeconds }) => totalSeconds);
        for (const [index, each] of seconds.entries())
          expect(each).toBeLessThanOrEqual((seconds[index - 1] ?? Number.POSITIVE_INFINITY) * (1 + 1e-12));
      }),
    );
  });

  it('costs more with more memory wherever that does not make it faster', () => {
    fc.assert(
      fc.property(fc.array(anyWork, { minLength: 1, maxLength: 5 }), (work) => {
        const all = sizes(work);
        for (const [index, each] of all.entries()) {
          const smaller = all[index - 1];
          if (smaller !== undefined && smaller.totalSeconds <= each.totalSeconds)
            expect(each.costUsd).toBeGreaterThan(smaller.costUsd);
        }
      }),
    );
  });

  it('costs and takes twice as much for twice the work, and less on arm64', () => {
    fc.assert(
      fc.property(fc.array(anyWork, { minLength: 1, maxLength: 4 }), (work) => {
        const once = sizes(work);
        const twice = sizes([...work, ...work]);
        const arm = sizes(work, 'arm64');
        for (const [index, each] of once.entries()) {
          expect(twice[index]?.costUsd).toBeCloseTo(2 * each.costUsd, 12);
          expect(twice[index]?.joules).toBeCloseTo(2 * each.joules, 6);
          expect(arm[index]?.costUsd).toBeLessThan(each.costUsd);
          expect(arm[index]?.joules).toBeLessThan(each.joules);
          expect(each.joules).toBeGreaterThan(0);
        }
      }),
    );
  });
});
