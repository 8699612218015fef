import type { MatchedComparison, SetComparison } from '../../model/index.js';
import { stageTitle } from '../characterisation-words.js';
import { comparisonHead, comparisonRow, unmatchedText } from '../comparison-words.js';
import { configurationText } from '../difference-words.js';
import { printable } from './printable.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

const DEFAULT_WIDTH = 100;
const NAMED_AT_MOST = 12;

const bullets = (all: readonly string[], width: number): string =>
  all.map((each) => `- ${wrap(printable(each), width, '  ')}`).join('\n');

const heading = ({ stage, configuration, difference }: MatchedComparison): string =>
  `${printable(stageTitle(stage))}, ${configurationText(configuration)}, n = ${difference.counts.join(' and ')}`;

/** One table, so that all columns stand beneath one another, with a line before the rows of each stage and configuration. */
function matchedText(comparison: SetComparison): string {
  const { matched } = comparison;
  const [head = '', ...rows] = table(
    comparisonHead(comparison).map((title) => printable(title).toUpperCase()),
    matched.map(comparisonRow),
  ).split('\n');
  const headings = matched.map(heading);
  return [
    head,
    ...rows.flatMap((row, index) =>
      headings[index] === headings[index - 1] ? [row] : ['', headings[index] ?? '', row],
    ),
  ].join('\n');
}

/** What `wattloop compare` prints for people. */
export function comparisonText(comparison: SetComparison, width = DEFAULT_WIDTH): string {
  const { matched, unmatched, notes, labels } = comparison;
  const left = unmatched.length - NAMED_AT_MOST;
  const named = unmatched.slice(0, NAMED_AT_MOST).map(unmatchedText);
  const blocks = [
    `${printable(labels[1])} against ${printable(labels[0])}`,
    matched.length === 0
      ? 'Nothing can be compared: no stage has the same configuration in both.'
      : matchedText(comparison),
    ...(notes.length > 0 ? [bullets(notes, width)] : []),
    ...(named.length > 0 ? [`Not compared:\n${bullets(named, width)}`] : []),
    ...(left > 0 ? [`${left} more that are not compared (--json lists all)`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}
