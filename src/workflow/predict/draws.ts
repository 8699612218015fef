import { quantileSorted, type Random } from '../../maths/index.js';
import type { PredictedFigure } from '../../model/index.js';

const DRAWS = 2000;
const Z = 1.959963984540054;

/** A log-normal quantity of one stage, to draw from. */
interface Drawn {
  readonly median: number;
  /** Deviations of the logarithm: of runs, and of all that is not known. */
  readonly ofRuns: number;
  readonly ofAll: number;
}

/** Intervals are symmetric in logarithms; the mean lies above the middle for what runs differ. */
function drawnOf({ mean, interval95: { low, high } }: PredictedFigure): Drawn {
  if (!(mean > 0 && low > 0)) return { median: mean, ofRuns: 0, ofAll: 0 };
  const median = Math.sqrt(low * high);
  return {
    median,
    ofRuns: Math.sqrt(Math.max(0, 2 * Math.log(mean / median))),
    ofAll: Math.log(high / low) / (2 * Z),
  };
}

/** Figures that a quantity of a whole run comes to, by drawing its stages again and again. */
export interface Drawing {
  readonly figure: PredictedFigure;
  /** Sorted. */
  readonly draws: Float64Array;
}

/**
 * Combines the stages' figures by drawing: `combine` makes one figure of the stages' values. `correlation` is how far
 * what differs between runs is shared by the stages. Where the mean of the combination is known, it is given.
 */
export function combined(
  figures: readonly PredictedFigure[],
  combine: (values: Float64Array) => number,
  options: { random: Random; correlation: number; mean?: number },
): Drawing {
  const { random, correlation } = options;
  const stages = figures.map(drawnOf);
  const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const draws = new Float64Array(DRAWS);
  const values = new Float64Array(stages.length);
  let mean = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const ofRun = random.normal();
    const chances = stages.map(() => ({
      ofRun: shared * ofRun + own * random.normal(),
      model: random.normal(),
    }));
    for (const [i, { median, ofRuns }] of stages.entries())
      values[i] = median * Math.exp(ofRuns * (chances[i]?.ofRun ?? 0));
    mean += combine(values) / DRAWS;
    for (const [i, { median, ofRuns, ofAll }] of stages.entries()) {
      // What is not known of a stage has nothing to do with the others.
      const ofModel = Math.sqrt(Math.max(0, ofAll ** 2 - ofRuns ** 2));
      const chance = chances[i] ?? { ofRun: 0, model: 0 };
      values[i] = median * Math.exp(Math.min(ofRuns, ofAll) * chance.ofRun + ofModel * chance.model);
    }
    draws[draw] = combine(values);
  }
  draws.sort();
  const centre = options.mean ?? mean;
  const square = draws.reduce((sum, value) => sum + (value - centre) ** 2, 0) / DRAWS;
  return {
    draws,
    figure: {
      mean: centre,
      deviation: Math.sqrt(square),
      interval95: { low: quantileSorted(draws, 0.025), high: quantileSorted(draws, 0.975) },
    },
  };
}

/** The part of the draws that are at most so much. */
export const chanceOf = (draws: Float64Array, limit: number): number =>
  draws.reduce((count, value) => (value <= limit ? count + 1 : count), 0) / draws.length;
