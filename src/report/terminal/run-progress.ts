import type { RunProgress, StageProgress } from '../../model/index.js';
import { seconds, watts } from './figures.js';
import { fitted } from './printable.js';

const BAR = 20;
const NAME = 24;

const count = (value: number): string => value.toLocaleString('en-US');

function rate(perSecond: number | undefined): string {
  if (perSecond === undefined) return '';
  return perSecond >= 1 ? `${perSecond.toPrecision(3)}/s` : `${(60 * perSecond).toPrecision(3)}/min`;
}

/** What stands behind the bar, as far as it is known. */
function figures({
  perSecond,
  watts: power,
  etaSeconds,
  failed,
  retries,
  finished,
  partitions,
}: StageProgress): string {
  const parts = [
    rate(perSecond),
    power === undefined ? '' : watts(power),
    finished < partitions && etaSeconds !== undefined ? `${seconds(etaSeconds)} left` : '',
    failed > 0 ? `${count(failed)} failed` : '',
    retries > 0 ? `${count(retries)} retried` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

const counts = ({ finished, partitions }: StageProgress): string => `${count(finished)}/${count(partitions)}`;

/** One line for each stage, with a bar: for a terminal that is drawn over again. */
export function runProgressLines({ stages }: RunProgress, width: number): string[] {
  const name = Math.min(NAME, Math.max(...stages.map((stage) => stage.name.length)));
  const widest = Math.max(...stages.map((stage) => counts(stage).length));
  return stages.map((stage) => {
    const full = Math.round((BAR * stage.finished) / stage.partitions);
    const bar = `[${'='.repeat(full)}${' '.repeat(BAR - full)}]`;
    const line = `${fitted(stage.name, name)} ${bar} ${counts(stage).padStart(widest)}  ${figures(stage)}`;
    return fitted(line, Math.max(1, width - 1)).trimEnd();
  });
}

/** A stage as one plain line: for logs. */
export const stageProgressLine = (stage: StageProgress): string =>
  `${fitted(stage.name, stage.name.length)}: ${counts(stage)}  ${figures(stage)}`.trimEnd();
