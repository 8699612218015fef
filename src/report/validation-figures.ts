import type { Comparison, Validation } from '../footprint/index.js';
import { percent, seconds, watts } from './terminal/figures.js';

/** A score as views show it. */
export interface ValidationFigure {
  readonly name: string;
  readonly value: string;
  /** What "in proportion to latency" would score. */
  readonly naive: string;
  readonly meaning: string;
  /** Why there is no value. */
  readonly absent?: string;
}

const plain = (value: number | undefined): string => value?.toFixed(4) ?? '-';
const part = (value: number | undefined): string => percent(value, 1);

/** Scores against one kind of reference. */
export function comparisonFigures(comparison: Comparison): ValidationFigure[] {
  const { cosineSimilarity, naiveCosineSimilarity, individualDifference, withinTwoErrors, absent } =
    comparison;
  return [
    {
      name: 'cosine similarity',
      value: plain(cosineSimilarity),
      naive: plain(naiveCosineSimilarity),
      meaning:
        'direction of the functions’ energies against the reference: 1 is the same mix. It must beat the figure beside it to say anything',
      absent: absent.cosineSimilarity,
    },
    {
      name: 'mean individual difference',
      value: part(individualDifference),
      naive: '-',
      meaning: 'how far each function’s energy is from its reference, on average',
      absent: absent.individualDifference,
    },
    {
      name: 'within two errors',
      value: part(withinTwoErrors),
      naive: '-',
      meaning:
        'functions whose reference lies within two standard errors: some 95 % where the errors are honest',
      absent: absent.withinTwoErrors,
    },
  ];
}

/** Scores of the account's own predictions, for which no reference is needed. */
export function predictionFigures(validation: Validation): ValidationFigure[] {
  const { totalError, windowError, latencyNormalizedVariance, coefficientOfVariation, absent } = validation;
  const window = seconds(validation.windowSeconds);
  return [
    {
      name: 'total error',
      value: part(totalError),
      naive: '-',
      meaning: 'predicted against measured energy, over the whole trace',
      absent: absent.totalError,
    },
    {
      name: 'error by window',
      value: part(windowError),
      naive: '-',
      meaning: `the same by windows of ${window}, on average`,
      absent: absent.windowError,
    },
    {
      name: 'latency-normalised variance',
      value: watts(latencyNormalizedVariance),
      naive: '-',
      meaning: 'how much energy scatters beside how much latency does',
      absent: absent.latencyNormalizedVariance,
    },
    {
      name: 'coefficient of variation',
      value: part(coefficientOfVariation),
      naive: '-',
      meaning: 'how much the energy of an invocation scatters from window to window',
      absent: absent.coefficientOfVariation,
    },
  ];
}

export const hasReferences = ({ compared, withoutEstimate }: Comparison): boolean =>
  compared.length + withoutEstimate.length > 0;

/** Differences, the largest first. */
export const largestDifferences = ({ differences }: Comparison): [name: string, difference: number][] =>
  Object.entries(differences).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));

export const signedPercent = (value: number): string => `${value > 0 ? '+' : ''}${percent(value, 1)}`;
