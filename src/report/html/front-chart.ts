import { dominators } from '../../maths/index.js';
import type { ConfigurationFigures, MetricName, StageCharacterisation } from '../../model/index.js';
import { METRIC_TITLES, shortName, varyingAxes } from '../characterisation-words.js';
import { configurationText, meanText, tickText } from '../difference-words.js';
import { type Markup, markup } from '../markup.js';
import { horizontalAxis, verticalAxis } from '../svg/axes.js';
import { legend } from '../svg/legend.js';
import { polyline } from '../svg/line.js';
import { picture } from '../svg/picture.js';
import { amountScale, type Scale } from '../svg/scale.js';
import { type Dot, dots, errorBars, labels } from '../svg/scatter.js';
import { seriesLook } from './palette.js';

const WIDTH = 520;
const HEIGHT = 360;
const PLOT = { left: 66, right: WIDTH - 26, top: 34, bottom: HEIGHT - 48 };

interface Place {
  readonly figures: ConfigurationFigures;
  readonly values: readonly [x: number, y: number];
  readonly errors: readonly [x: number, y: number];
  readonly isOnFront: boolean;
}

function placesOf(stage: StageCharacterisation, metrics: readonly [MetricName, MetricName]): Place[] {
  const known = stage.configurations.flatMap((figures) => {
    const [x, y] = metrics.map((metric) => figures.metrics[metric]?.statistics);
    return x === undefined || y === undefined ? [] : [{ figures, x, y }];
  });
  const beatenBy = dominators(known.map(({ x, y }) => [x.mean, y.mean]));
  return known.map(({ figures, x, y }, index) => ({
    figures,
    values: [x.mean, y.mean],
    errors: [x.confidence95 ?? 0, y.confidence95 ?? 0],
    isOnFront: beatenBy[index]?.length === 0,
  }));
}

/** An end that no interval moves far beyond all means. */
const reachOf = (places: readonly Place[], dimension: 0 | 1): number => {
  const most = Math.max(...places.map(({ values }) => values[dimension]));
  const ends = Math.max(...places.map(({ values, errors }) => values[dimension] + errors[dimension]));
  return Math.min(ends, most * 1.3);
};

function drawnPlaces(
  places: readonly Place[],
  [x, y]: readonly [Scale, Scale],
  metrics: readonly [MetricName, MetricName],
): Markup {
  const inX = (value: number): number => x.at(Math.min(x.to, Math.max(0, value)));
  const inY = (value: number): number => y.at(Math.min(y.to, Math.max(0, value)));
  const look = ({ isOnFront }: Place): string => (isOnFront ? seriesLook(0) : 'beaten');
  const bars = places.map((place) => {
    const { values, errors } = place;
    return errorBars(
      inX(values[0]),
      inY(values[1]),
      look(place),
      errors[0] > 0 ? { from: inX(values[0] - errors[0]), to: inX(values[0] + errors[0]) } : undefined,
      errors[1] > 0 ? { from: inY(values[1] - errors[1]), to: inY(values[1] + errors[1]) } : undefined,
    );
  });
  const marks = places.map((place): Dot => {
    const { configuration, metrics: figures } = place.figures;
    const title = metrics.map((metric) => `${metric} ${meanText(metric, figures[metric])}`).join(', ');
    return {
      x: inX(place.values[0]),
      y: inY(place.values[1]),
      look: `${look(place)} mean`,
      title: `${configurationText(configuration)}: ${title}`,
      radius: place.isOnFront ? 5 : 4,
    };
  });
  return markup`${bars}${dots(marks)}`;
}

/** All configurations by two metrics: those that none beats in both are joined and named. */
export function frontChart(
  stage: StageCharacterisation,
  metrics: readonly [MetricName, MetricName],
  id: string,
): Markup | undefined {
  const places = placesOf(stage, metrics);
  if (places.length < 2) return undefined;
  const x = amountScale(reachOf(places, 0), { start: PLOT.left, end: PLOT.right }, 5);
  const y = amountScale(reachOf(places, 1), { start: PLOT.bottom, end: PLOT.top }, 5);
  const front = places.filter(({ isOnFront }) => isOnFront).sort((a, b) => a.values[0] - b.values[0]);
  const axes = varyingAxes(stage.configurations.map(({ configuration }) => configuration));
  const title = `${METRIC_TITLES[metrics[1]]} against ${METRIC_TITLES[metrics[0]]}`;
  // The ends of the front first: their names tell most where there isn't room for all.
  const named = [...new Set([front[0], front.at(-1), ...front])].flatMap((place) => place ?? []);
  const drawn = picture(
    {
      id,
      width: WIDTH,
      height: HEIGHT,
      title,
      description: `One point for each configuration with 95 % intervals. None beats these: ${front.map(({ figures }) => configurationText(figures.configuration)).join('; ')}.`,
    },
    [
      verticalAxis(
        { scale: y, label: METRIC_TITLES[metrics[1]], write: tickText(metrics[1]) },
        PLOT.left,
        PLOT.right,
      ),
      horizontalAxis(
        { scale: x, label: METRIC_TITLES[metrics[0]], write: tickText(metrics[0]) },
        PLOT.top,
        PLOT.bottom,
        true,
      ),
      polyline(
        front.map(({ values }) => ({ x: x.at(values[0]), y: y.at(values[1]) })),
        'front',
        'not beaten in both',
      ),
      drawnPlaces(places, [x, y], metrics),
      labels(
        named.map(({ values, figures }) => ({
          x: x.at(values[0]),
          y: y.at(values[1]),
          text: shortName(figures.configuration, axes),
        })),
        {
          ...PLOT,
          right: WIDTH,
          points: places.map(({ values }) => ({ x: x.at(values[0]), y: y.at(values[1]) })),
        },
      ),
    ],
  );
  const entries = legend([
    { label: 'none is better in both', look: seriesLook(0), kind: 'dot' },
    { label: 'another is better', look: 'beaten', kind: 'dot' },
  ]);
  return markup`<figure><div class="scroll" tabindex="0" role="region" aria-label="${title}">${drawn}</div>${entries}</figure>`;
}
