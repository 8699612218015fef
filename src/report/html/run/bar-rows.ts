import { type Markup, markup } from '../../markup.js';
import { horizontalAxis } from '../../svg/axes.js';
import { type BarPart, stackedBar } from '../../svg/bars.js';
import { coordinate } from '../../svg/coordinate.js';
import { picture } from '../../svg/picture.js';
import { amountScale } from '../../svg/scale.js';
import { distinctNames } from '../../terminal/distinct-names.js';

const WIDTH = 1080;
const NAMES = 190;
const VALUES = 130;
const NAME_CELLS = 22;
const TOP = 10;
const ROW = 30;
const BAR = 17;

export interface BarRow {
  readonly name: string;
  readonly parts: readonly BarPart[];
  /** What stands behind the bar. */
  readonly figure: string;
}

export interface BarChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly axis: string;
  write(value: number): string;
}

/** Named bars beneath one another, on one scale. */
export function barRows(chart: BarChart, rows: readonly BarRow[]): Markup {
  const lengthOf = ({ parts }: BarRow): number =>
    parts.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const most = rows.reduce((peak, row) => Math.max(peak, lengthOf(row)), 0);
  const scale = amountScale(most, { start: NAMES, end: WIDTH - VALUES });
  const bottom = TOP + rows.length * ROW;
  const labels = distinctNames(
    rows.map(({ name }) => name),
    NAME_CELLS,
  );
  const content = rows.map((row, index) => {
    const top = TOP + index * ROW + (ROW - BAR) / 2;
    const middle = coordinate(top + BAR / 2);
    return markup`<text x="${NAMES - 10}" y="${middle}" dy="0.32em" text-anchor="end"><title>${row.name}</title>${labels[index]}</text>
${stackedBar(row.parts, scale, top, BAR)}
<text class="tick" x="${coordinate(scale.at(lengthOf(row)) + 8)}" y="${middle}" dy="0.32em">${row.figure}</text>`;
  });
  return picture({ ...chart, width: WIDTH, height: bottom + 44 }, [
    horizontalAxis({ scale, label: chart.axis, write: chart.write }, TOP, bottom, true),
    content,
  ]);
}
