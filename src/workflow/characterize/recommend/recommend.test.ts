import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../../model/index.js';
import { type ExampleOptions, exampleSamples } from '../../testing/example-samples.js';
import { analyse } from '../analyse.js';
import { recommend } from './recommend.js';

const adviceOn = (stage: string, options: ExampleOptions): Recommendation[] =>
  recommend(analyse(exampleSamples(options))).filter((each) => each.stage === stage);

const kinds = (all: readonly Recommendation[]): string[] => all.map(({ kind }) => kind);
const ofKind = (all: readonly Recommendation[], kind: Recommendation['kind']): Recommendation | undefined =>
  all.find((each) => each.kind === kind);

describe('recommend', () => {
  it('names the fastest, the least energy and the cheapest with what shows it', () => {
    const all = adviceOn('encode', { cpu: [1], memoryMib: [512], noise: 0.01 });
    expect(ofKind(all, 'fastest')?.configuration.workers).toBe(8);
    expect(ofKind(all, 'least-energy')?.configuration.workers).toBe(8);
    expect(ofKind(all, 'cheapest')?.configuration.workers).toBe(1);
    expect(ofKind(all, 'fastest')?.evidence[0]).toMatch(
      /^8 workers, 1 CPU, 512 MiB: takes 2\.\d\d ± 0\.0\d+ s \(mean and 95 % interval, n = 5\)\.$/,
    );
    expect(ofKind(all, 'fastest')?.evidence[1]).toMatch(
      /^4 workers.*time \+\d+ % \(.*\) against it, Welch p < 0\.001 \(with Holm's correction < 0\.001\), d \d+.* large \(.*\), n = 5 and 5\.$/,
    );
  });

  it('sees that more workers do not pay for a stage that can’t share its work', () => {
    const all = adviceOn('merge', { cpu: [1], memoryMib: [512], noise: 0.005, repetitions: 8 });
    const fewer = ofKind(all, 'fewer-workers');
    expect(fewer?.configuration.workers).toBeLessThan(8);
    expect(fewer?.instead?.workers).toBe(8);
    expect(fewer?.evidence.join(' ')).toContain('faster by at most');
  });

  it('sees how far memory can be lowered', () => {
    const all = adviceOn('encode', { workers: [2], cpu: [1], noise: 0.01, repetitions: 6 });
    expect(ofKind(all, 'less-memory')?.configuration.memoryMib).toBe(512);
    expect(ofKind(all, 'less-memory')?.advice).toContain('from 1024 to 512 MiB (-50 %)');
  });

  it('takes the cheaper of those that can’t be told apart, and says how much slower it may be', () => {
    // Equal times but for a little: the larger memory happens to be the fastest.
    const samples = exampleSamples({ workers: [1], cpu: [1], memoryMib: [256, 512], warmUps: 0 })
      .filter(({ stage }) => stage === 'merge')
      .map((sample) => ({
        ...sample,
        wallSeconds: (sample.configuration.memoryMib === 512 ? 1.4 : 1.401) + 0.01 * (sample.repetition % 3),
      }));
    const all = recommend(analyse(samples));
    const found = ofKind(all, 'no-difference');
    expect(kinds(all)).not.toContain('fastest');
    expect(found?.configuration.memoryMib).toBe(256);
    expect(found?.instead?.memoryMib).toBe(512);
    expect(found?.evidence.join(' ')).toMatch(/With 95 % confidence it takes at most 0\.9 % more time/);
    expect(found?.evidence.at(-1)).toMatch(/^What is saved: -5\d % cost against it\.$/);
  });

  it('says nothing where evidence lacks', () => {
    expect(adviceOn('encode', { repetitions: 1 })).toEqual([]);
    const noisy = adviceOn('merge', {
      cpu: [1],
      memoryMib: [512],
      noise: 0.4,
      repetitions: 3,
      hasEnergy: false,
    });
    expect(kinds(noisy)).not.toContain('fastest');
    expect(kinds(noisy)).not.toContain('fewer-workers');
    expect(kinds(noisy)).not.toContain('no-difference');
  });
});
