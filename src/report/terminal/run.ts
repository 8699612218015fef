import type { RunRecord } from '../../model/index.js';
import { seconds } from './figures.js';
import { printable } from './printable.js';
import { runStagesText } from './run-stages.js';

const MOST_RESULT = 2_000;

function resultText({ result }: RunRecord): string[] {
  if (result === undefined) return [];
  if ('absent' in result) return [`Result: none here (${result.absent})`];
  const text = JSON.stringify(result.value);
  const isLong = text.length > MOST_RESULT;
  return [`Result: ${printable(isLong ? `${text.slice(0, MOST_RESULT)}…` : text)}`];
}

/** A run as it is shown when it has ended. */
export function runText(run: RunRecord): string {
  const { id, workflow, status, startedAt, endedAt, stages, totals } = run;
  const took = endedAt === undefined ? '' : ` in ${seconds(endedAt - startedAt)}`;
  return [
    `${workflow}: ${status}${took} (run ${id})`,
    '',
    runStagesText({ stages, ...(totals && { totals }) }),
    ...resultText(run).flatMap((line) => ['', line]),
  ].join('\n');
}
