import { robustDeviation } from '../../maths/index.js';
import type { PredictedFigure, StageSample } from '../../model/index.js';
import { type Cell, mean } from './cells.js';
import { fitLaw, lawValue } from './law.js';
import type { TermName } from './terms.js';

/** The law of a phase's seconds, summed over the invocations: the analytic one alone, as a phase may take next to nothing. */
export interface PhaseLaw {
  readonly terms: readonly TermName[];
  readonly coefficients: readonly number[];
  /** Relative. */
  readonly deviation: number;
}

/** Below this part of the largest a phase counts as this long: nobody asks for percents of a millisecond. */
const NEGLIGIBLE = 0.02;

export function fitPhase(
  terms: readonly TermName[],
  cells: readonly Cell[],
  features: readonly Float64Array[],
  of: (sample: StageSample) => number,
): PhaseLaw {
  const values = Float64Array.from(cells, ({ samples }) => mean(samples.map(of)));
  const floor = NEGLIGIBLE * values.reduce((most, value) => Math.max(most, value), 0);
  const none = new Float64Array(terms.length);
  if (!(floor > 0)) return { terms, coefficients: [...none], deviation: 0 };
  const variances = Float64Array.from(cells, ({ samples }) => 1 + 1 / samples.length);
  const { coefficients } = fitLaw({ features, values, floor, variances });
  const left = cells.flatMap(({ samples }, i) => {
    const fitted = lawValue(coefficients, features[i] ?? none);
    return samples.map((sample) => (of(sample) - fitted) / Math.max(fitted, floor));
  });
  return { terms, coefficients: [...coefficients], deviation: robustDeviation(left, 0) };
}

/** `part` is how much longer than the law says the stage as a whole takes. */
export function phaseFigure(
  { coefficients, deviation }: PhaseLaw,
  features: Float64Array,
  part: number,
): PredictedFigure {
  const mean = lawValue(coefficients, features) * part;
  const reach = 1.96 * deviation * mean;
  return {
    mean,
    deviation: deviation * mean,
    interval95: { low: Math.max(0, mean - reach), high: mean + reach },
  };
}
