import type { StageSample } from '../../model/index.js';
import { cellFigure, cellsOf } from './cells.js';

const LEAST_PAIRS = 10;

/**
 * How far stages of one run are fast or slow together, whatever their configurations: the mean product of their
 * standardised deviations from their repetitions. 0 where it can't be told.
 */
export function runCorrelation(
  byStage: readonly (readonly StageSample[])[],
  of: (sample: StageSample) => number | undefined,
): number {
  const byRun = new Map<string, number[]>();
  for (const samples of byStage) {
    const left = cellsOf(samples).flatMap((cell) => {
      const figure = cellFigure(cell, of);
      if (figure === undefined || figure.count < 2) return [];
      return cell.samples.flatMap((sample) => {
        const value = of(sample);
        return value !== undefined && value > 0
          ? [{ run: sample.run, value: Math.log(value) - figure.centre }]
          : [];
      });
    });
    const deviation = Math.sqrt(left.reduce((sum, { value }) => sum + value ** 2, 0) / left.length);
    if (!(deviation > 0)) continue;
    for (const { run, value } of left) {
      const own = byRun.get(run) ?? [];
      own.push(value / deviation);
      byRun.set(run, own);
    }
  }
  let [sum, pairs] = [0, 0];
  for (const values of byRun.values()) {
    const total = values.reduce((a, b) => a + b, 0);
    const squares = values.reduce((a, b) => a + b * b, 0);
    // Each pair once: half of the square of the sum less the squares.
    sum += (total ** 2 - squares) / 2;
    pairs += (values.length * (values.length - 1)) / 2;
  }
  return pairs < LEAST_PAIRS ? 0 : Math.min(1, Math.max(0, sum / pairs));
}
