import type { Account } from '../../footprint/index.js';
import { type Markup, markup } from '../markup.js';
import { areaStack, type Layer, stackTops } from '../svg/area-stack.js';
import { horizontalAxis, verticalAxis } from '../svg/axes.js';
import { type LegendEntry, legend } from '../svg/legend.js';
import { line, type Point } from '../svg/line.js';
import { picture } from '../svg/picture.js';
import { amountScale, timeLabel, timeScale } from '../svg/scale.js';
import { watts } from '../terminal/figures.js';
import { figure, htmlTable } from './html-table.js';
import { functionLook } from './palette.js';
import { type PowerSeries, powerSeries } from './power-series.js';

const WIDTH = 1080;
const HEIGHT = 380;
const PLOT = { left: 64, right: WIDTH - 12, top: 34, bottom: HEIGHT - 46 };
/** Steps of the stack are wide enough to be seen as such. */
const PIXELS_PER_PART = 4;
const TABLE_ROWS = 20;
/** A peak of the line so many times above all else would press the rest flat: it is cut, and the caption says so. */
const CUT_ABOVE = 2.5;

function layersOf({ idle, controlPlane, functions, others }: PowerSeries): Layer[] {
  return [
    { title: 'idle', look: 'idle', values: idle },
    { title: 'control plane', look: 'control', values: controlPlane },
    ...functions.map(({ name, watts: values }, index) => ({
      title: name,
      look: functionLook(index),
      values,
    })),
    ...(others ? [{ title: `${others.count} other functions`, look: 'others', values: others.watts }] : []),
  ];
}

const greatest = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
};

/** The height of the picture, and how many points of the range stand above it. */
function reach(layers: readonly Layer[], { measured, range, edges }: PowerSeries) {
  const usual = Math.max(greatest(stackTops(layers, Math.max(0, edges.length - 1))), greatest(measured));
  const points = range.flat().map(({ y }) => y);
  const peak = greatest(points);
  if (peak <= CUT_ABOVE * usual) return { top: Math.max(usual, peak), cut: 0 };
  return { top: usual * 1.2, cut: points.filter((y) => y > usual * 1.2).length };
}

/** The mean of each part as a flat stretch; a new line after each gap. */
function flatStretches({ measured, edges }: PowerSeries): Point[][] {
  const lines: Point[][] = [];
  let open = false;
  for (const [part, y] of measured.entries()) {
    if (Number.isFinite(y)) {
      if (!open) lines.push([]);
      lines.at(-1)?.push({ x: edges[part] ?? 0, y }, { x: edges[part + 1] ?? 0, y });
    }
    open = Number.isFinite(y);
  }
  return lines;
}

function courseTable(
  series: PowerSeries,
  layers: readonly Layer[],
  write: (seconds: number) => string,
  unit: string,
): Markup {
  const parts = series.measured.length;
  const stride = Math.max(1, Math.ceil(parts / TABLE_ROWS));
  const mean = (values: Float64Array, from: number): string => {
    const some = values.subarray(from, from + stride).filter(Number.isFinite);
    return some.length === 0 ? '-' : watts(some.reduce((sum, value) => sum + value, 0) / some.length);
  };
  const rows = Array.from({ length: Math.ceil(parts / stride) }, (_, row) => {
    const from = row * stride;
    return [
      write(series.edges[from] ?? 0),
      mean(series.measured, from),
      ...layers.map(({ values }) => mean(values, from)),
    ];
  });
  const columns = [`from (${unit})`, 'measured', ...layers.map(({ title }) => title)];
  return htmlTable(
    'Mean power by stretch of time',
    columns.map((title) => ({ title })),
    rows,
  );
}

/** Power over time: what the account says it is made of, stacked, under the measured line. */
export function powerChart(account: Account): Markup {
  const pixels = PLOT.right - PLOT.left;
  const series = powerSeries(account, { parts: pixels / PIXELS_PER_PART, points: pixels });
  const parts = series.measured.length;
  if (parts === 0) return markup`<p class="note">There is no power over time to draw.</p>`;
  const layers = layersOf(series);
  const { top, cut } = reach(layers, series);
  const x = timeScale(series.edges[0] ?? 0, series.edges[parts] ?? 0, { start: PLOT.left, end: PLOT.right });
  const y = amountScale(top, { start: PLOT.bottom, end: PLOT.top }, 7);
  const { unit, write } = timeLabel(x);
  const range = series.range.map((run) =>
    run.map((point): Point => ({ x: point.x, y: Math.min(point.y, y.to) })),
  );
  const drawn = picture(
    {
      id: 'power',
      width: WIDTH,
      height: HEIGHT,
      title: 'Power over time',
      description: `Stacked areas of ${layers.map(({ title }) => title).join(', ')}, from the foot up, and the measured power of the machine as a line.`,
    },
    [
      verticalAxis({ scale: y, label: 'watts', write: String }, PLOT.left, PLOT.right),
      range.length > 0 ? line(range, 'range', 'least to most measured', x, y) : undefined,
      areaStack(layers, series.edges, x, y),
      horizontalAxis({ scale: x, label: `time in ${unit}`, write }, PLOT.top, PLOT.bottom, false),
      line(flatStretches(series), 'measured', 'measured', x, y),
    ],
  );
  const entries = [
    { label: 'measured', look: 'measured', kind: 'line' as const },
    ...(range.length > 0 ? [{ label: 'least to most measured', look: 'range', kind: 'line' as const }] : []),
    ...layers.map(({ title, look }): LegendEntry => ({ label: title, look, kind: 'area' })),
  ];
  const note =
    cut === 0
      ? undefined
      : markup`<p class="note">${cut} peaks of what was measured lie above ${watts(y.to)} and are cut off.</p>`;
  return markup`${figure(drawn, legend(entries), 'Power over time', courseTable(series, layers, write, unit))}${note}`;
}
