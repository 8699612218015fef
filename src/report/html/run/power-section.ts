import { type Markup, markup } from '../../markup.js';
import type { RunPower } from '../../run/run-report-data.js';
import { horizontalAxis, verticalAxis } from '../../svg/axes.js';
import { extremes, means, partBounds } from '../../svg/downsample.js';
import { legend } from '../../svg/legend.js';
import { line, type Point } from '../../svg/line.js';
import { picture } from '../../svg/picture.js';
import { amountScale, timeLabel, timeScale } from '../../svg/scale.js';
import { seconds, watts } from '../../terminal/figures.js';
import { figure, htmlTable } from '../html-table.js';

const WIDTH = 1080;
const HEIGHT = 260;
const PLOT = { left: 64, right: WIDTH - 12, top: 34, bottom: HEIGHT - 46 };
const TABLE_ROWS = 20;

/** Every sample, or the least and the most of each pixel; a new line after each gap. */
function runsOf({ at, watts: values }: RunPower, start: number): Point[][] {
  const lines: Point[][] = [];
  let open = false;
  for (const part of extremes(values, partBounds(values.length, PLOT.right - PLOT.left))) {
    if (part.length > 0 && !open) lines.push([]);
    for (const { tick, value } of part) lines.at(-1)?.push({ x: (at[tick] ?? start) - start, y: value });
    open = part.length > 0;
  }
  return lines;
}

/** The machine's power while the run was under way, where somebody watched it. */
export function powerSection(power: RunPower | undefined, startedAt: number): Markup | undefined {
  if (power === undefined || power.at.length === 0) return undefined;
  const runs = runsOf(power, startedAt);
  const points = runs.flat();
  if (points.length === 0) return undefined;
  const peak = points.reduce((most, { y }) => Math.max(most, y), 0);
  const x = timeScale(Math.min(0, points[0]?.x ?? 0), points.at(-1)?.x ?? 1, {
    start: PLOT.left,
    end: PLOT.right,
  });
  const y = amountScale(peak, { start: PLOT.bottom, end: PLOT.top });
  const { unit, write } = timeLabel(x);
  const image = picture(
    {
      id: 'power',
      width: WIDTH,
      height: HEIGHT,
      title: 'Power over time',
      description: `The power of the machine as ${power.source} told it.`,
    },
    [
      verticalAxis({ scale: y, label: 'watts', write: String }, PLOT.left, PLOT.right),
      horizontalAxis({ scale: x, label: `${unit} since the run began`, write }, PLOT.top, PLOT.bottom, false),
      line(runs, 'measured', power.source, x, y),
    ],
  );
  const bounds = partBounds(power.watts.length, TABLE_ROWS);
  const rows = [...means(power.watts, bounds)].map((mean, part) => [
    seconds((power.at[bounds[part] ?? 0] ?? startedAt) - startedAt),
    Number.isFinite(mean) ? watts(mean) : '-',
  ]);
  return markup`<section><h2>Power over time</h2><p class="note">Of the whole machine, all that ran on it included.</p>${figure(
    image,
    legend([{ label: power.source, look: 'measured', kind: 'line' }]),
    'Power over time',
    htmlTable('Mean power', [{ title: 'from' }, { title: 'power' }], rows),
  )}</section>`;
}
