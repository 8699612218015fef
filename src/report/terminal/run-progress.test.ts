import { describe, expect, it } from 'vitest';
import type { RunProgress, StageProgress } from '../../model/index.js';
import { cellWidth } from './printable.js';
import { runProgressLines } from './run-progress.js';

const stage = (name: string, finished: number, changes: Partial<StageProgress> = {}): StageProgress => ({
  ...{ name, partitions: 4, begun: finished > 0, finished, failed: 0, retries: 0 },
  ...{ perSecond: undefined, watts: undefined, joules: undefined, etaSeconds: undefined },
  ...changes,
});

const progress = (stages: readonly StageProgress[]): RunProgress => ({
  ...{ run: 'r', workflow: 'w', status: 'running', elapsedSeconds: 1 },
  stages,
});

describe('runProgressLines', () => {
  it('has a line for each stage', () => {
    const figures = { perSecond: 2.5, watts: 12, etaSeconds: 3, failed: 1, retries: 1 };
    expect(runProgressLines(progress([stage('a', 1, figures), stage('long', 0)]), 100)).toEqual([
      'a    [=====               ] 1/4  2.50/s  12.0 W  3.00 s left  1 failed  1 retried',
      'long [                    ] 0/4',
    ]);
  });

  it('never tells of the last partition before it is finished', () => {
    const lines = runProgressLines(progress([stage('a', 999, { partitions: 1_000 })]), 100);
    expect(lines[0]).toContain('[=================== ]');
  });

  it('gives up the bar before the figures where there is little room', () => {
    const lines = runProgressLines(progress([stage('a', 1, { perSecond: 2.5 })]), 40);
    expect(lines).toEqual(['a 1/4  2.50/s']);
    for (const width of [1, 2, 10, 20])
      for (const line of runProgressLines(progress([stage('name', 1, { perSecond: 2.5 })]), width))
        expect(cellWidth(line)).toBeLessThanOrEqual(width);
  });

  it('shows what runs first, then what comes next, then what was finished last', () => {
    const stages = [
      ...['a', 'b', 'c'].map((name) => stage(name, 4)),
      stage('d', 1),
      stage('e', 0, { begun: true }),
      ...['f', 'g'].map((name) => stage(name, 0)),
    ];
    const shown = (height: number): string[] =>
      runProgressLines(progress(stages), 100, height).map((line) => line.split(' [')[0] ?? '');
    expect(shown(7)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(shown(6)).toEqual(['c', 'd', 'e', 'f', 'g', 'and 2 more stages: 2 finished']);
    expect(shown(3)).toEqual(['d', 'e', 'and 5 more stages: 3 finished, 2 waiting']);
    expect(shown(2)).toEqual(['d', 'and 6 more stages: 3 finished, 1 running, 2 waiting']);
    expect(shown(1)).toEqual(['d']);
  });
});
