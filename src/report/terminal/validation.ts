import type { Comparison, Validation } from '../../footprint/index.js';
import {
  comparisonFigures,
  hasReferences,
  largestDifferences,
  predictionFigures,
  signedPercent,
  type ValidationFigure,
} from '../validation-figures.js';
import { distinctNames } from './distinct-names.js';
import { printable } from './printable.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

const NAME_WIDTH = 24;
const LISTED = 8;

/** The functions whose figures are farthest from their references. */
function differences(comparison: Comparison, width: number): string[] {
  const all = largestDifferences(comparison);
  const names = distinctNames(
    all.map(([name]) => name),
    NAME_WIDTH,
  );
  if (all.length === 0) return [];
  const some = all.slice(0, LISTED).map(([, value], index) => `${names[index]} ${signedPercent(value)}`);
  const more = all.length > LISTED ? `, ${all.length - LISTED} more` : '';
  return [wrap(`by function: ${some.join(', ')}${more}`, width, '  ')];
}

const rows = (figures: readonly ValidationFigure[]): string[][] =>
  figures.filter(({ value }) => value !== '-').map(({ name, value, naive }) => [name, value, naive]);

function block(
  title: string,
  comparison: Comparison | undefined,
  others: readonly ValidationFigure[],
  width: number,
): string {
  const figures = [...(comparison ? comparisonFigures(comparison) : []), ...others];
  const absent = figures.flatMap(({ name, absent: reason }) =>
    reason === undefined ? [] : [wrap(`- ${name}: ${printable(reason)}`, width, '  ')],
  );
  return [
    table([title, 'ACCOUNT', 'BY LATENCY ALONE'], rows(figures)),
    ...(comparison ? differences(comparison, width) : []),
    ...absent,
  ].join('\n');
}

/** How the account compares with its references, the naive estimate beside it, and how well it predicts. */
export function validationText(validation: Validation, width: number): string {
  const { individual } = validation;
  const primary = hasReferences(validation) ? validation : undefined;
  const title =
    primary === undefined ? 'VALIDATION' : `AGAINST ${validation.against.toUpperCase()} REFERENCES`;
  const blocks = [block(title, primary, predictionFigures(validation), width)];
  if (individual) blocks.push(block('AGAINST INDIVIDUAL REFERENCES', individual, [], width));
  return blocks.join('\n\n');
}
