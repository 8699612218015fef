import type { Invocation, RunRecord } from '../../../model/index.js';
import { type Markup, markup } from '../../markup.js';
import { type Doing, phaseSpans } from '../../run/phase-spans.js';
import { statusWords } from '../../run/run-words.js';
import { horizontalAxis } from '../../svg/axes.js';
import { coordinate } from '../../svg/coordinate.js';
import { legend } from '../../svg/legend.js';
import { picture } from '../../svg/picture.js';
import { type Scale, timeLabel, timeScale } from '../../svg/scale.js';
import { distinctNames } from '../../terminal/distinct-names.js';
import { seconds } from '../../terminal/figures.js';
import { figure, htmlTable } from '../html-table.js';
import { type ChosenStage, chosenRows } from './chosen-rows.js';
import { lookOf, phaseLegend } from './phase-looks.js';

const WIDTH = 1080;
const NAMES = 150;
const NAME_CELLS = 17;
const TOP = 8;
const ROWS_AT_MOST = 240;
/** A picture is as high as that, unless its stages need more. */
const HEIGHT = 560;
const ROW = { least: 2, most: 14 };
/** A stage's name needs so much. */
const STAGE = 20;
/** Thinner than this nobody sees it. */
const HAIR = 0.6;
/** The least that an invocation is wide, and the end of one that went wrong. */
const MARK = 2.5;

const FAILED = lookOf('failed');

function title(invocation: Invocation): string {
  const { function: stage, partition, attempt, status, wallSeconds, cold, speculative } = invocation;
  return [
    `${stage} ${partition}`,
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(speculative ? ['second copy'] : []),
    ...(cold ? ['cold'] : []),
    statusWords(status),
    seconds(wallSeconds),
  ].join(', ');
}

function row(
  invocation: Invocation,
  start: number,
  x: Scale,
  top: number,
  height: number,
  shown: Set<Doing>,
): Markup {
  const rectangle = (look: string, left: number, right: number): Markup =>
    markup`<rect class="${look}" x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(Math.max(HAIR, right - left))}" height="${coordinate(height)}"/>`;
  const spans = phaseSpans(invocation).map(({ doing, from, to }) => {
    shown.add(doing);
    return rectangle(lookOf(doing), x.at(from - start), x.at(to - start));
  });
  const begin = x.at(invocation.startedAt - start);
  const end = Math.max(begin + MARK, x.at(invocation.endedAt - start));
  const isBad = invocation.status !== 'done' && invocation.status !== 'cancelled';
  if (isBad) shown.add('failed');
  // Too short to be seen in its phases.
  const whole =
    begin + MARK > x.at(invocation.endedAt - start) ? rectangle(lookOf('compute'), begin, end) : undefined;
  return markup`<g><title>${title(invocation)}</title>${whole}${spans}${isBad ? rectangle(FAILED, end - MARK, end) : undefined}</g>
`;
}

interface Laid {
  readonly stage: ChosenStage;
  readonly top: number;
  readonly height: number;
}

/** Stages beneath one another, each at least as high as its name. */
function laidOut(stages: readonly ChosenStage[], rowHeight: number): Laid[] {
  let top = TOP;
  return stages.map((stage) => {
    const height = Math.max(STAGE, stage.invocations.length * rowHeight);
    const laid = { stage, top, height };
    top += height + 4;
    return laid;
  });
}

function stageRows(run: RunRecord): Markup {
  return htmlTable(
    'Time of stages by phase, summed over invocations',
    ['stage', 'wall', 'read', 'compute', 'write', 'cold starts'].map((name) => ({ title: name })),
    run.stages.map((stage) => [
      stage.name,
      seconds(stage.wallSeconds),
      seconds(stage.readSeconds),
      seconds(stage.computeSeconds),
      seconds(stage.writeSeconds),
      stage.coldStarts,
    ]),
  );
}

/** When each invocation ran, and what it did meanwhile. Of very many, some are shown. */
export function waterfall(run: RunRecord, invocations: readonly Invocation[]): Markup | undefined {
  const stages = chosenRows(run, invocations, ROWS_AT_MOST);
  const drawn = stages.flatMap((stage) => stage.invocations);
  if (drawn.length === 0) return undefined;
  // Over all of them, so that the axis is that of the run.
  const start = invocations.reduce(
    (first, { startedAt }) => Math.min(first, startedAt),
    Number.POSITIVE_INFINITY,
  );
  const end = invocations.reduce((last, { endedAt }) => Math.max(last, endedAt), start);
  const rowHeight = Math.min(ROW.most, Math.max(ROW.least, HEIGHT / drawn.length));
  const laid = laidOut(stages, rowHeight);
  const bottom = laid.reduce((most, { top, height }) => Math.max(most, top + height), TOP) + 4;
  const x = timeScale(0, end - start, { start: NAMES, end: WIDTH - 12 });
  const { unit, write } = timeLabel(x);
  const labels = distinctNames(
    stages.map(({ stage }) => stage),
    NAME_CELLS,
  );
  const shown = new Set<Doing>();
  const gap = rowHeight >= 5 ? 1 : 0;
  const content = laid.map(({ stage, top, height }, index) => {
    const first = top + (height - stage.invocations.length * rowHeight) / 2;
    return markup`<text x="${NAMES - 10}" y="${coordinate(top + height / 2)}" dy="0.32em" text-anchor="end"><title>${stage.stage}</title>${labels[index]}</text>
${stage.invocations.map((each, place) => row(each, start, x, first + place * rowHeight, rowHeight - gap, shown))}`;
  });
  const image = picture(
    {
      id: 'waterfall',
      width: WIDTH,
      height: Math.ceil(bottom + 42),
      title: 'Invocations over time',
      description: `A bar for each of ${drawn.length} invocations, by stage and in the order in which they began, coloured by what it did: ${phaseLegend(
        shown,
      )
        .map(({ label }) => label)
        .join(', ')}.`,
    },
    [horizontalAxis({ scale: x, label: `${unit} since the run began`, write }, TOP, bottom, true), content],
  );
  const note =
    drawn.length === invocations.length
      ? undefined
      : markup`<p class="note">${drawn.length} of ${invocations.length} invocations, evenly chosen of each stage, those that went wrong among them.</p>`;
  return markup`${note}${figure(image, legend(phaseLegend(shown)), 'Invocations over time', stageRows(run))}`;
}
