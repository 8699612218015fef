import {
  type AxisLine,
  type AxisName,
  type Configuration,
  type ConfigurationFigures,
  METRICS,
  type MetricName,
  type StageCharacterisation,
  WHOLE_RUN,
} from '../model/index.js';
import { meanText } from './difference-words.js';
import { joules, percent, quantity } from './terminal/figures.js';

/** What a stage is called in headings. */
export const stageTitle = (stage: string): string => (stage === WHOLE_RUN ? 'The whole workflow' : stage);

export const axisValue = (axis: AxisName, { workers, cpu, memoryMib }: Configuration): number =>
  axis === 'workers' ? workers : axis === 'cpu' ? cpu : memoryMib;

export const AXIS_TITLES: Readonly<Record<AxisName, string>> = {
  workers: 'workers',
  cpu: 'CPUs per worker',
  memory: 'memory of a worker (MiB)',
};

export const METRIC_TITLES: Readonly<Record<MetricName, string>> = {
  time: 'time',
  energy: 'energy',
  cost: 'cost',
  carbon: 'CO2e',
};

/** As `1/512/4`: stands for a configuration in keys. */
export const keyOf = ({ cpu, memoryMib, workers }: Configuration): string => `${cpu}/${memoryMib}/${workers}`;

const isOnFront = ({ front }: StageCharacterisation, configuration: Configuration): boolean =>
  front.places.some(
    (place) => place.dominatedBy.length === 0 && keyOf(place.configuration) === keyOf(configuration),
  );

const short: Readonly<Record<AxisName, (configuration: Configuration) => string>> = {
  workers: ({ workers }) => `${workers}\u202f×`,
  cpu: ({ cpu }) => `${Number(cpu.toPrecision(3))} CPU`,
  memory: ({ memoryMib }) => `${Number(memoryMib.toPrecision(5))} MiB`,
};

const workersText = ({ workers }: Configuration): string =>
  `${workers} ${workers === 1 ? 'worker' : 'workers'}`;

/** The axes on which configurations differ. */
export const varyingAxes = (all: readonly Configuration[]): AxisName[] =>
  (['workers', 'cpu', 'memory'] as const).filter(
    (axis) => new Set(all.map((each) => axisValue(axis, each))).size > 1,
  );

/** A configuration by what tells it from the others: `4 × 1 CPU`. */
export const shortName = (configuration: Configuration, axes: readonly AxisName[]): string =>
  (axes.length === 0 ? (['workers'] as const) : axes)
    .map((axis) =>
      axis === 'workers' && axes.length < 2 ? workersText(configuration) : short[axis](configuration),
    )
    .join(' ');

/** What tells a line from the other lines along its axis; empty where it is the only one. */
export function lineName(line: AxisLine, all: readonly AxisLine[]): string {
  const alike = all.filter(({ axis }) => axis === line.axis).flatMap(({ configurations }) => configurations);
  const [first] = line.configurations;
  if (first === undefined) return '';
  const still = varyingAxes(alike).filter(
    (axis) => new Set(line.configurations.map((each) => axisValue(axis, each))).size === 1,
  );
  return still.map((axis) => (axis === 'workers' ? workersText(first) : short[axis](first))).join(', ');
}

/** A column of the table of configurations. */
export interface FiguresColumn {
  readonly title: string;
  /** What it means. */
  readonly hint: string;
  /** Whether a narrow view leaves it out. */
  readonly isWide?: boolean;
  cell(figures: ConfigurationFigures): string;
}

const variation =
  (metric: MetricName) =>
  ({ metrics }: ConfigurationFigures): string =>
    percent(metrics[metric]?.variation, 1);

const repetitions = ({ repetitions: count, metrics }: ConfigurationFigures): string => {
  const marked = metrics.time?.observations.filter(({ isOutlier }) => isOutlier).length ?? 0;
  return marked === 0 ? String(count) : `${count} (${marked}!)`;
};

/** The columns of a stage's table; those of which nothing is known are left out. */
export function figuresColumns(stage: StageCharacterisation): FiguresColumn[] {
  const has = (metric: MetricName): boolean => stage.configurations.some(({ metrics }) => metrics[metric]);
  const per = stage.configurations.find(({ energyPerWork }) => energyPerWork)?.energyPerWork?.per;
  const ofMetrics = METRICS.filter(has).flatMap((metric): FiguresColumn[] => [
    {
      title: METRIC_TITLES[metric],
      hint: 'mean ± half its 95 % interval',
      isWide: metric === 'carbon',
      cell: ({ metrics }) => meanText(metric, metrics[metric]),
    },
    ...(metric === 'time' || metric === 'energy'
      ? [{ title: 'CV', hint: `deviation of ${metric} as a part of the mean`, cell: variation(metric) }]
      : []),
  ]);
  const energy: FiguresColumn[] = [
    {
      title: per === 'work' ? 'per work' : 'per invocation',
      hint: per === 'work' ? 'energy of a unit of work' : 'energy of an invocation, as no work was counted',
      cell: ({ energyPerWork }) => joules(energyPerWork?.statistics.mean),
    },
    {
      title: 'EDP',
      hint: 'energy times time: small only where both are',
      isWide: true,
      cell: ({ energyDelay }) => quantity(energyDelay?.statistics.mean, 'Js'),
    },
  ];
  return [
    {
      title: 'n',
      hint: 'repetitions, warm-ups apart; ! are those far from the others in time',
      cell: repetitions,
    },
    ...ofMetrics,
    ...(has('energy') ? energy : []),
    {
      title: 'cold',
      hint: 'invocations that began with a cold start',
      cell: ({ coldStartShare }) => percent(coldStartShare),
    },
    {
      title: 'front',
      hint: `no other is better in ${stage.front.metrics.join(', ')} together`,
      cell: ({ configuration }) => (isOnFront(stage, configuration) ? '*' : ''),
    },
  ];
}
