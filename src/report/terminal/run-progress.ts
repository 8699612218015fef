import type { RunProgress, StageProgress } from '../../model/index.js';
import { seconds, watts } from './figures.js';
import { fitted } from './printable.js';

const BAR = 20;
const NAME = 24;
/** Where there is less room, figures matter more than a bar. */
const NARROW = 60;

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

/**
 * One line for each stage, with a bar: for a terminal that is drawn over again. Where they don't fit, those that run are
 * shown before those that come next, and those before what is finished; the others are counted in a last line.
 */
export function runProgressLines({ stages }: RunProgress, width: number, height = stages.length): string[] {
  const fits = stages.length <= height;
  const shown = fits ? stages : chosen(stages, Math.max(1, height - 1));
  const name = Math.min(NAME, Math.max(...shown.map((stage) => stage.name.length)));
  const widest = Math.max(...shown.map((stage) => counts(stage).length));
  const line = (text: string): string => fitted(text, Math.max(1, width - 1)).trimEnd();
  const lines = shown.map((stage) => {
    const full = Math.floor((BAR * stage.finished) / stage.partitions);
    const bar = width < NARROW ? '' : `[${'='.repeat(full)}${' '.repeat(BAR - full)}] `;
    return line(`${fitted(stage.name, name)} ${bar}${counts(stage).padStart(widest)}  ${figures(stage)}`);
  });
  if (!fits && height > 1) lines.push(line(othersLine(stages, shown)));
  return lines;
}

const isFinished = ({ finished, partitions }: StageProgress): boolean => finished >= partitions;

/** In the order of the workflow. */
function chosen(stages: readonly StageProgress[], most: number): readonly StageProgress[] {
  const rank = (stage: StageProgress): number => (isFinished(stage) ? 2 : stage.begun ? 0 : 1);
  const finishedLast = stages.map((stage, index) => ({ stage, index, rank: rank(stage) }));
  // Of what is finished, the latest.
  finishedLast.sort((a, b) => a.rank - b.rank || (a.rank === 2 ? b.index - a.index : a.index - b.index));
  return finishedLast
    .slice(0, most)
    .sort((a, b) => a.index - b.index)
    .map(({ stage }) => stage);
}

function othersLine(all: readonly StageProgress[], shown: readonly StageProgress[]): string {
  const others = all.filter((stage) => !shown.includes(stage));
  const finished = others.filter(isFinished).length;
  const running = others.filter((stage) => stage.begun && !isFinished(stage)).length;
  const parts = [
    finished > 0 ? `${count(finished)} finished` : '',
    running > 0 ? `${count(running)} running` : '',
    others.length > finished + running ? `${count(others.length - finished - running)} waiting` : '',
  ];
  return `and ${count(others.length)} more stages: ${parts.filter((part) => part !== '').join(', ')}`;
}

/** A stage as one plain line: for logs. */
export const stageProgressLine = (stage: StageProgress): string =>
  `${fitted(stage.name, stage.name.length)}: ${counts(stage)}  ${figures(stage)}`.trimEnd();
