import type {
  AxisLine,
  AxisName,
  Configuration,
  ConfigurationFigures,
  MetricName,
  RepeatedFigure,
  StageCharacterisation,
} from '../../model/index.js';
import { AXIS_TITLES, axisValue, keyOf, lineName, METRIC_TITLES } from '../characterisation-words.js';
import { configurationText, meanText, metricText, tickText } from '../difference-words.js';
import { type Markup, markup } from '../markup.js';
import { horizontalLabels, verticalAxis } from '../svg/axes.js';
import { type BandScale, bandScale, besideMiddle } from '../svg/band-scale.js';
import { legend } from '../svg/legend.js';
import { polyline } from '../svg/line.js';
import { picture } from '../svg/picture.js';
import { amountScale, type Scale } from '../svg/scale.js';
import { type Dot, dots, errorBars } from '../svg/scatter.js';
import { seriesLook } from './palette.js';

const WIDTH = 520;
const HEIGHT = 320;
const PLOT = { left: 62, right: WIDTH - 12, top: 34, bottom: HEIGHT - 48 };
/** More lines than these can't be told apart in so small a picture. */
export const SERIES_AT_MOST = 8;

/** Pixels that the repetitions of one configuration are spread over. */
const RAW_ROOM = 14;

interface Series {
  readonly name: string;
  readonly look: string;
  readonly figures: readonly ConfigurationFigures[];
}

function seriesOf(stage: StageCharacterisation, axis: AxisName): Series[] {
  const figures = new Map(stage.configurations.map((each) => [keyOf(each.configuration), each]));
  const lines: readonly AxisLine[] = stage.lines.filter((line) => line.axis === axis);
  return lines.slice(0, SERIES_AT_MOST).map((line, index) => ({
    name: lineName(line, stage.lines),
    look: seriesLook(index),
    figures: line.configurations.flatMap((each) => figures.get(keyOf(each)) ?? []),
  }));
}

/** The greatest that is drawn: raw points, and means with their intervals unless those go far beyond all points. */
function greatest(all: readonly RepeatedFigure[]): number {
  let points = 0;
  let ends = 0;
  for (const { observations, statistics } of all) {
    for (const { value } of observations) points = Math.max(points, value);
    ends = Math.max(ends, statistics.mean + (statistics.confidence95 ?? 0));
  }
  return Math.min(Math.max(points, ends), points * 1.3);
}

interface Frame {
  readonly axis: AxisName;
  readonly metric: MetricName;
  readonly x: BandScale;
  readonly y: Scale;
}

function drawnSeries({ axis, metric, x, y }: Frame, series: Series, index: number, count: number): Markup {
  const beside = besideMiddle(index, count, x.width);
  const known = series.figures.flatMap(({ configuration, metrics }) => {
    const figure = metrics[metric];
    if (figure === undefined) return [];
    return [{ figure, configuration, at: x.at(axisValue(axis, configuration)) + beside }];
  });
  const within = (value: number): number => y.at(Math.min(y.to, Math.max(y.from, value)));
  const raw = known.flatMap(({ figure, at, configuration }) =>
    figure.observations.map(
      ({ value, run, isOutlier }, nth, all): Dot => ({
        // Side by side, so that equal ones are seen as many.
        x: at + besideMiddle(nth, all.length, RAW_ROOM),
        y: within(value),
        look: `${series.look} ${isOutlier ? 'outlier' : 'raw'}`,
        title: rawTitle(configuration, metricText(metric, value), run, isOutlier),
      }),
    ),
  );
  const bars = known.map(({ figure: { statistics }, at }) => {
    const { mean, confidence95 } = statistics;
    if (confidence95 === undefined) return undefined;
    const reach = { from: within(mean - confidence95), to: within(mean + confidence95) };
    return errorBars(at, within(mean), series.look, undefined, reach);
  });
  const means = known.map(
    ({ figure, at, configuration }): Dot => ({
      x: at,
      y: within(figure.statistics.mean),
      look: `${series.look} mean`,
      title: `${configurationText(configuration)}: ${meanText(metric, figure)}`,
      radius: 3.8,
    }),
  );
  const path = polyline(
    means.map((each) => ({ x: each.x, y: each.y })),
    series.look,
    series.name || METRIC_TITLES[metric],
  );
  return markup`<g>${path}${dots(raw)}${bars}${dots(means)}</g>`;
}

const rawTitle = (configuration: Configuration, value: string, run: string, isOutlier: boolean): string =>
  `${configurationText(configuration)}: ${value} in run ${run}${isOutlier ? ', far from the others' : ''}`;

/** One metric along one axis: a line through the means of each row of the grid, with 95 % intervals and every repetition. */
export function axisChart(
  stage: StageCharacterisation,
  axis: AxisName,
  metric: MetricName,
  id: string,
): Markup | undefined {
  const series = seriesOf(stage, axis);
  const shown = series.flatMap(({ figures }) => figures.flatMap(({ metrics }) => metrics[metric] ?? []));
  if (shown.length < 2) return undefined;
  const values = series.flatMap(({ figures }) =>
    figures.map(({ configuration }) => axisValue(axis, configuration)),
  );
  const x = bandScale(values, { start: PLOT.left, end: PLOT.right });
  const y = amountScale(greatest(shown), { start: PLOT.bottom, end: PLOT.top });
  const title = `${METRIC_TITLES[metric]} by ${AXIS_TITLES[axis]}`;
  const drawn = picture(
    {
      id,
      width: WIDTH,
      height: HEIGHT,
      title,
      description: `Means with 95 % intervals and all repetitions, for ${x.values.join(', ')} ${AXIS_TITLES[axis]}.`,
    },
    [
      verticalAxis(
        { scale: y, label: METRIC_TITLES[metric], write: tickText(metric) },
        PLOT.left,
        PLOT.right,
      ),
      horizontalLabels(
        x.values.map((value) => ({ at: x.at(value), text: String(Number(value.toPrecision(5))) })),
        PLOT.bottom,
        { at: PLOT.right, text: AXIS_TITLES[axis] },
      ),
      series.map((each, index) => drawnSeries({ axis, metric, x, y }, each, index, series.length)),
    ],
  );
  return markup`<figure><div class="scroll" tabindex="0" role="region" aria-label="${title}">${drawn}</div></figure>`;
}

/** What the lines of the charts along an axis are; nothing where there is one. */
export function axisLegend(stage: StageCharacterisation, axis: AxisName): Markup | undefined {
  const series = seriesOf(stage, axis);
  if (series.length < 2) return undefined;
  return legend(series.map(({ name, look }) => ({ label: name, look, kind: 'line' })));
}
