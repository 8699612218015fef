import type { SetComparison } from '../../model/index.js';
import { comparisonHead, comparisonRow, unmatchedText } from '../comparison-rows.js';
import { printable } from './printable.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

const DEFAULT_WIDTH = 100;
const NAMED_AT_MOST = 12;

const bullets = (all: readonly string[], width: number): string =>
  all.map((each) => `- ${wrap(printable(each), width, '  ')}`).join('\n');

/** What `wattloop compare` prints for people. */
export function comparisonText(comparison: SetComparison, width = DEFAULT_WIDTH): string {
  const { matched, unmatched, notes, labels } = comparison;
  const head = comparisonHead(comparison).map((title) => printable(title).toUpperCase());
  const blocks = [
    `${printable(labels[1])} against ${printable(labels[0])}`,
    matched.length === 0
      ? 'Nothing can be compared: no stage has the same configuration in both.'
      : table(
          head,
          matched.map((each) => comparisonRow(each).map(printable)),
        ),
    ...(notes.length > 0 ? [bullets(notes, width)] : []),
    ...(unmatched.length > 0
      ? [
          `Not compared:\n${bullets(unmatched.slice(0, NAMED_AT_MOST).map(unmatchedText), width)}`,
          ...(unmatched.length > NAMED_AT_MOST
            ? [`${unmatched.length - NAMED_AT_MOST} more that are not compared (--json lists all)`]
            : []),
        ]
      : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}
