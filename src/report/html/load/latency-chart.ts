import type { LatencyPoint } from '../../../model/index.js';
import { type Markup, markup } from '../../markup.js';
import { horizontalLabels, verticalAxis } from '../../svg/axes.js';
import { legend } from '../../svg/legend.js';
import { polyline } from '../../svg/line.js';
import { picture } from '../../svg/picture.js';
import { amountScale } from '../../svg/scale.js';
import { seconds } from '../../terminal/figures.js';
import { figure, htmlTable } from '../html-table.js';
import { seriesLook } from '../palette.js';

const WIDTH = 760;
const HEIGHT = 320;
const PLOT = { left: 76, right: WIDTH - 16, top: 34, bottom: HEIGHT - 48 };

const LABELS = ['0 %', '90 %', '99 %', '99.9 %', '99.99 %', '99.999 %', '99.9999 %'] as const;
const LINES = [
  { of: 'latency', label: 'from when the call was due', look: seriesLook(1) },
  { of: 'service', label: 'from when it was sent', look: seriesLook(0) },
] as const;

/** How many nines a part has: each takes as much room as the one before. The slowest call stands at the end. */
const nines = (part: number): number => -Math.log10(1 - part);

const percentText = (part: number): string =>
  part === 1 ? 'slowest' : `${Number((part * 100).toPrecision(Math.max(3, Math.ceil(nines(part)) + 2)))} %`;

/** Latencies from the fastest call to the slowest, so that the slow ones are seen. Nothing where no call was done. */
export function latencyChart(curve: readonly LatencyPoint[]): Markup | undefined {
  const last = curve.at(-1);
  const reach = nines(curve.at(-2)?.part ?? 0);
  if (last === undefined || reach === 0) return undefined;
  const x = (part: number): number =>
    PLOT.left + (Math.min(nines(part), reach) / reach) * (PLOT.right - PLOT.left);
  const y = amountScale(Math.max(last.latency, last.service), { start: PLOT.bottom, end: PLOT.top });
  const lines = LINES.map(({ of, label, look }) =>
    polyline(
      curve.map((point) => ({ x: x(point.part), y: y.at(point[of]) })),
      look,
      label,
    ),
  );
  const places = LABELS.slice(0, Math.floor(reach) + 1).map((text, count) => ({
    at: PLOT.left + (count / reach) * (PLOT.right - PLOT.left),
    text,
  }));
  const drawn = picture(
    {
      id: 'latency',
      width: WIDTH,
      height: HEIGHT,
      title: 'Latency by the part of calls that took at most so long',
      description: `Half of all calls took at most ${seconds(curve.find(({ part }) => part >= 0.5)?.latency)}, the slowest ${seconds(last.latency)}.`,
    },
    markup`${verticalAxis({ scale: y, label: 'latency', write: seconds }, PLOT.left, PLOT.right)}${horizontalLabels(
      places,
      PLOT.bottom,
      { at: PLOT.right, text: 'of calls' },
    )}${lines}`,
  );
  return figure(
    drawn,
    legend(LINES.map(({ label, look }) => ({ label, look, kind: 'line' }))),
    'Latency',
    htmlTable(
      'Latency by part of calls',
      [{ title: 'of calls' }, ...LINES.map(({ label }) => ({ title: label }))],
      curve.map(({ part, latency, service }) => [percentText(part), seconds(latency), seconds(service)]),
    ),
  );
}
