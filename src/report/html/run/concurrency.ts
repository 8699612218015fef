import type { Invocation } from '../../../model/index.js';
import type { Markup } from '../../markup.js';
import { phaseSpans } from '../../run/phase-spans.js';
import { areaStack, stackTops } from '../../svg/area-stack.js';
import { horizontalAxis, verticalAxis } from '../../svg/axes.js';
import { legend } from '../../svg/legend.js';
import { picture } from '../../svg/picture.js';
import { amountScale, timeLabel, timeScale } from '../../svg/scale.js';
import { seconds } from '../../terminal/figures.js';
import { figure, htmlTable } from '../html-table.js';
import { PHASE_LOOKS, phaseLegend } from './phase-looks.js';

const WIDTH = 1080;
const HEIGHT = 240;
const PLOT = { left: 64, right: WIDTH - 12, top: 34, bottom: HEIGHT - 46 };
const PARTS = 250;

interface Concurrency {
  /** Seconds since the first start. */
  readonly edges: readonly number[];
  /** How many invocations did so on average, by part of the time; in the order of PHASE_LOOKS. */
  readonly layers: readonly Float64Array[];
}

/** How many invocations did what, exactly: the area of each layer is the time that was spent so. */
export function concurrency(invocations: readonly Invocation[]): Concurrency {
  const start = invocations.reduce(
    (first, { startedAt }) => Math.min(first, startedAt),
    Number.POSITIVE_INFINITY,
  );
  const end = invocations.reduce((last, { endedAt }) => Math.max(last, endedAt), start);
  const length = end - start;
  const layers = PHASE_LOOKS.map(() => new Float64Array(PARTS));
  const width = length / PARTS;
  if (!(width > 0)) return { edges: [0, 1], layers: layers.map(() => new Float64Array(1)) };
  for (const invocation of invocations)
    for (const { doing, from, to } of phaseSpans(invocation)) {
      const layer = layers[PHASE_LOOKS.findIndex((each) => each.doing === doing)];
      if (layer === undefined) continue;
      const first = Math.max(0, Math.floor((from - start) / width));
      for (let part = first; part < PARTS && start + part * width < to; part++) {
        const overlap = Math.min(to, start + (part + 1) * width) - Math.max(from, start + part * width);
        layer[part] = (layer[part] ?? 0) + Math.max(0, overlap) / width;
      }
    }
  return { edges: Array.from({ length: PARTS + 1 }, (_, part) => part * width), layers };
}

/** How many invocations ran at once, and what they did. */
export function concurrencyChart(invocations: readonly Invocation[]): Markup | undefined {
  if (invocations.length === 0) return undefined;
  const { edges, layers } = concurrency(invocations);
  const drawn = PHASE_LOOKS.map(({ label, look, doing }, index) => ({
    doing,
    title: label,
    look,
    values: layers[index] ?? new Float64Array(),
  })).filter(({ values }) => values.some((value) => value > 0));
  const tops = stackTops(drawn, Math.max(0, edges.length - 1));
  const most = tops.reduce((peak, value) => Math.max(peak, value), 0);
  const x = timeScale(0, edges.at(-1) ?? 1, { start: PLOT.left, end: PLOT.right });
  const y = amountScale(most, { start: PLOT.bottom, end: PLOT.top }, 4);
  const { unit, write } = timeLabel(x);
  const image = picture(
    {
      id: 'concurrency',
      width: WIDTH,
      height: HEIGHT,
      title: 'Invocations at once',
      description: `Stacked areas of how many invocations ran at each time and what they did: ${drawn.map(({ title }) => title).join(', ')}.`,
    },
    [
      verticalAxis({ scale: y, label: 'at once', write: String }, PLOT.left, PLOT.right),
      areaStack(drawn, edges, x, y),
      horizontalAxis({ scale: x, label: `${unit} since the run began`, write }, PLOT.top, PLOT.bottom, false),
    ],
  );
  const length = (edges[1] ?? 0) - (edges[0] ?? 0);
  const table = htmlTable(
    'Time spent, summed over invocations',
    [{ title: 'what' }, { title: 'time' }],
    drawn.map(({ title, values }) => [
      title,
      seconds(values.reduce((sum, value) => sum + value * length, 0)),
    ]),
  );
  return figure(
    image,
    legend(phaseLegend(new Set(drawn.map(({ doing }) => doing)))),
    'Invocations at once',
    table,
  );
}
