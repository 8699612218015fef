import type { RunRecord } from '../../model/index.js';
import { seconds } from './figures.js';
import { jsonLines } from './json-lines.js';
import { printable } from './printable.js';
import { runStagesText } from './run-stages.js';

const MOST_RESULT = 2_000;
/** A result that is longer takes several lines. */
const WIDTH = 125;

function resultText({ result }: RunRecord): string[] {
  if (result === undefined) return [];
  if ('absent' in result) return [`Result: none here (${result.absent})`];
  const text = JSON.stringify(result.value);
  if (text.length > MOST_RESULT) return [`Result: ${printable(text.slice(0, MOST_RESULT))}…`];
  return [`Result: ${jsonLines(result.value, WIDTH).split('\n').map(printable).join('\n')}`];
}

/** A run as it is shown when it has ended. */
export function runText(run: RunRecord, width?: number): string {
  const { id, workflow, status, startedAt, endedAt, stages, totals } = run;
  const took = endedAt === undefined ? '' : ` in ${seconds(endedAt - startedAt)}`;
  return [
    `${workflow}: ${status}${took} (run ${id})`,
    '',
    runStagesText({ stages, ...(totals && { totals }) }, width),
    ...resultText(run).flatMap((line) => ['', line]),
  ].join('\n');
}
