import type { Comparison, Validation } from '../../footprint/index.js';
import { type Markup, markup } from '../markup.js';
import {
  comparisonFigures,
  hasReferences,
  largestDifferences,
  predictionFigures,
  signedPercent,
  type ValidationFigure,
} from '../validation-figures.js';
import { type Column, htmlTable } from './html-table.js';

const COLUMNS: readonly Column[] = [
  { title: 'score' },
  { title: 'this account' },
  { title: 'by latency alone' },
  { title: 'how to read it', kind: 'long' },
];

function scores(caption: string, figures: readonly ValidationFigure[]): Markup {
  const rows = figures.map(({ name, value, naive, meaning, absent }) => [
    name,
    value,
    naive,
    absent === undefined ? meaning : markup`${meaning}<span class="remark">absent: ${absent}</span>`,
  ]);
  return htmlTable(caption, COLUMNS, rows);
}

function differences(comparison: Comparison): Markup | undefined {
  const all = largestDifferences(comparison);
  if (all.length === 0) return undefined;
  const rows = all.map(([name, value]) => [name, signedPercent(value)]);
  const columns = [{ title: 'function' }, { title: 'difference' }];
  return markup`<details><summary>Difference by function</summary>${htmlTable(`Estimate against ${comparison.against} reference`, columns, rows)}</details>`;
}

function against(comparison: Comparison | undefined): Markup | undefined {
  if (comparison === undefined || !hasReferences(comparison)) return undefined;
  const { compared, withoutEstimate, against: kind } = comparison;
  const untold = withoutEstimate.length === 0 ? '' : `; ${withoutEstimate.length} more can’t be told`;
  return markup`<h3>Against ${kind} references</h3>
${scores(`${compared.length} functions with a reference${untold}`, comparisonFigures(comparison))}${differences(comparison)}`;
}

/** How the account compares with its references, with what "in proportion to latency" would have scored beside it. */
export function validationSection(validation: Validation): Markup {
  return markup`<section><h2>Validation</h2>${against(validation)}${against(validation.individual)}
<h3>Of its own predictions</h3>${scores('Predicted against measured', predictionFigures(validation))}</section>`;
}
