import type { Validation } from '../../footprint/index.js';
import { distinctNames } from './distinct-names.js';
import { percent } from './figures.js';
import { type Cell, table } from './table.js';
import { wrap } from './wrap.js';

const NAME_WIDTH = 24;
const LISTED = 8;

const plain = (value: number | undefined): string => value?.toFixed(4) ?? '-';

/** How the account compares with the reference, the naive estimate beside it. */
export function validationLines(validation: Validation, width: number): string {
  const rows: Cell[][] = [
    ['cosine similarity', plain(validation.cosineSimilarity), plain(validation.naiveCosineSimilarity)],
    ['mean individual difference', percent(validation.individualDifference, 1), '-'],
    ['total error over time', percent(validation.totalError, 1), '-'],
    ['latency-normalised variance', plain(validation.latencyNormalizedVariance), '-'],
  ];
  const entries = Object.entries(validation.differences).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const names = distinctNames(
    entries.map(([name]) => name),
    NAME_WIDTH,
  );
  const each = entries
    .slice(0, LISTED)
    .map(([, value], index) => `${names[index]} ${value > 0 ? '+' : ''}${percent(value, 1)}`);
  const more = entries.length > LISTED ? `, ${entries.length - LISTED} more` : '';
  return [
    table(['VALIDATION', 'ACCOUNT', 'BY LATENCY ALONE'], rows),
    ...(each.length > 0 ? [wrap(`by function: ${each.join(', ')}${more}`, width, '  ')] : []),
  ].join('\n');
}
