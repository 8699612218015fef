import type { PredictedFigure, StageSample } from '../../model/index.js';
import { type Cell, cellFigure } from './cells.js';
import { fitLaw, lawValue } from './law.js';
import type { TermName } from './terms.js';

/** What carbon or money come to, by energy and time: rates rather than laws of nature, with no chance of their own. */
export interface RateLaw {
  readonly terms: readonly TermName[];
  readonly coefficients: readonly number[];
}

/** The rates that a stage's samples were charged by; undefined where fewer than half of the cells tell them. */
export function fitRate(
  terms: readonly TermName[],
  cells: readonly Cell[],
  features: readonly Float64Array[],
  of: (sample: StageSample) => number | undefined,
): RateLaw | undefined {
  const figures = cells.map((cell) => cellFigure(cell, of));
  const known = [...cells.keys()].filter((i) => figures[i] !== undefined);
  if (known.length === 0 || known.length < cells.length / 2) return undefined;
  const { coefficients } = fitLaw({
    features: known.map((i) => features[i] ?? new Float64Array(0)),
    values: Float64Array.from(known, (i) => figures[i]?.mean ?? Number.NaN),
    variances: new Float64Array(known.length).fill(1),
  });
  return { terms, coefficients: [...coefficients] };
}

/** As uncertain as what it follows. */
export function rateFigure(
  { coefficients }: RateLaw,
  features: Float64Array,
  { mean, deviation, interval95: { low, high } }: PredictedFigure,
): PredictedFigure {
  const value = lawValue(coefficients, features);
  const part = mean > 0 ? value / mean : 0;
  return { mean: value, deviation: deviation * part, interval95: { low: low * part, high: high * part } };
}
