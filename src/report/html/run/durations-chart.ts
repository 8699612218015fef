import { type Markup, markup } from '../../markup.js';
import type { StageDurations } from '../../run/durations.js';
import { horizontalAxis } from '../../svg/axes.js';
import { coordinate } from '../../svg/coordinate.js';
import { picture } from '../../svg/picture.js';
import { amountScale, type Scale } from '../../svg/scale.js';
import { distinctNames } from '../../terminal/distinct-names.js';
import { quantity, seconds } from '../../terminal/figures.js';
import { figure, htmlTable } from '../html-table.js';

const WIDTH = 1080;
const NAMES = 190;
const NAME_CELLS = 22;
const TOP = 10;
const ROW = 34;
const BOX = 16;
const DOT = 2.5;

function box(durations: StageDurations, label: string, scale: Scale, top: number): Markup {
  const { stage, least, fifth, quarter, median, threeQuarters, ninetyFifth, most } = durations;
  const x = (value: number): string => coordinate(scale.at(value));
  const middle = coordinate(top + ROW / 2);
  const [upper, lower] = [coordinate(top + (ROW - BOX) / 2), coordinate(top + (ROW + BOX) / 2)];
  const width = coordinate(Math.max(1, scale.at(threeQuarters) - scale.at(quarter)));
  return markup`<text x="${NAMES - 10}" y="${middle}" dy="0.32em" text-anchor="end"><title>${stage}</title>${label}</text>
<g><title>${`${stage}: median ${seconds(median)}, 5 % to 95 % ${seconds(fifth)} to ${seconds(ninetyFifth)}`}</title>
<path class="whisker" d="M${x(fifth)} ${middle}H${x(ninetyFifth)}"/>
<rect class="floor" x="${x(quarter)}" y="${upper}" width="${width}" height="${BOX}"/>
<path class="whisker" d="M${x(median)} ${upper}V${lower}"/>
<circle class="dot" cx="${x(least)}" cy="${middle}" r="${DOT}"/><circle class="dot" cx="${x(most)}" cy="${middle}" r="${DOT}"/></g>`;
}

/** How long invocations took, by stage. */
export function durationsChart(rows: readonly StageDurations[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  const most = rows.reduce((peak, row) => Math.max(peak, row.most), 0);
  const scale = amountScale(most, { start: NAMES, end: WIDTH - 24 });
  const bottom = TOP + rows.length * ROW;
  const labels = distinctNames(
    rows.map(({ stage }) => stage),
    NAME_CELLS,
  );
  const image = picture(
    {
      id: 'durations',
      width: WIDTH,
      height: bottom + 44,
      title: 'Time of invocations',
      description:
        'For each stage a box of the middle half of its invocations with the median, a line from 5 to 95 percent, and dots at the quickest and the slowest.',
    },
    [
      horizontalAxis(
        { scale, label: 'time of an invocation', write: (value) => quantity(value, 's') },
        TOP,
        bottom,
        true,
      ),
      rows.map((row, index) => box(row, labels[index] ?? '', scale, TOP + index * ROW)),
    ],
  );
  const table = htmlTable(
    'Time of invocations that were done',
    ['stage', 'done', 'quickest', '5 %', '25 %', 'median', '75 %', '95 %', 'slowest'].map((title) => ({
      title,
    })),
    rows.map((row) => [
      row.stage,
      row.count,
      seconds(row.least),
      seconds(row.fifth),
      seconds(row.quarter),
      seconds(row.median),
      seconds(row.threeQuarters),
      seconds(row.ninetyFifth),
      seconds(row.most),
    ]),
  );
  return markup`<section><h2>Time of invocations</h2><p class="note">The box is the middle half with its median, the line 5 to 95 %, the dots the quickest and the slowest.</p>${figure(image, markup``, 'Time of invocations', table)}</section>`;
}
