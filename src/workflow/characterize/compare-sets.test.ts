import { describe, expect, it } from 'vitest';
import { WHOLE_RUN } from '../../model/index.js';
import { exampleSamples } from '../testing/example-samples.js';
import { compareSets } from './compare-sets.js';

const LABELS = ['x86', 'arm'] as const;

describe('compareSets', () => {
  const x86 = exampleSamples({ workers: [1, 2], cpu: [1], memoryMib: [512], repetitions: 6 });
  const arm = exampleSamples({ workers: [2, 4], cpu: [1], memoryMib: [512], repetitions: 6, seed: 2 }).map(
    (sample) => ({ ...sample, wallSeconds: sample.wallSeconds * 1.5 }),
  );

  it('compares what both have, by stage, configuration and metric', () => {
    const { matched } = compareSets(x86, arm, LABELS);
    expect(new Set(matched.map(({ configuration }) => configuration.workers))).toEqual(new Set([2]));
    expect(matched.filter(({ metric }) => metric === 'time').map(({ stage }) => stage)).toEqual([
      WHOLE_RUN,
      'encode',
      'merge',
      'split',
    ]);
    for (const { metric, difference } of matched) {
      if (metric === 'cost') continue;
      const truth = metric === 'time' ? 1.5 : 1;
      expect(difference.ratio?.low).toBeLessThan(truth * 1.02);
      expect(difference.ratio?.high).toBeGreaterThan(truth * 0.98);
      expect(difference.isSignificant).toBe(metric === 'time');
      expect(difference.counts).toEqual([6, 6]);
    }
  });

  it('lists what can’t be matched, and why', () => {
    const { unmatched } = compareSets(x86, arm, LABELS);
    const encode = unmatched.filter(({ stage }) => stage === 'encode');
    expect(encode.map(({ configuration, reason }) => [configuration.workers, reason])).toEqual([
      [1, 'only x86 has it'],
      [4, 'only arm has it'],
    ]);
    const withoutEnergy = exampleSamples({ workers: [2], cpu: [1], memoryMib: [512], hasEnergy: false });
    const found = compareSets(x86, withoutEnergy, LABELS).unmatched;
    expect(found).toContainEqual(
      expect.objectContaining({ stage: 'encode', metric: 'energy', reason: 'arm does not have it' }),
    );
    const once = exampleSamples({ workers: [2], cpu: [1], memoryMib: [512], repetitions: 1 });
    expect(compareSets(once, x86, LABELS).unmatched).toContainEqual(
      expect.objectContaining({ metric: 'time', reason: 'x86 has it once: no spread to judge by' }),
    );
  });

  it('turns round with its sets', () => {
    const [there, back] = [compareSets(x86, arm, LABELS), compareSets(arm, x86, ['arm', 'x86'])];
    expect(back.matched).toHaveLength(there.matched.length);
    for (const [index, { difference }] of there.matched.entries()) {
      const other = back.matched[index]?.difference;
      expect(other?.p).toBeCloseTo(difference.p, 9);
      expect((other?.ratio?.value ?? 0) * (difference.ratio?.value ?? 0)).toBeCloseTo(1, 9);
    }
  });

  it('says where energies come from different sources', () => {
    const other = arm.map((sample) => ({
      ...sample,
      source: 'tdp' as const,
      provenance: 'estimated' as const,
    }));
    expect(compareSets(x86, other, LABELS).notes).toEqual([
      expect.stringMatching(/x86 from rapl \(measured\), arm from tdp \(estimated\)/),
    ]);
  });
});
