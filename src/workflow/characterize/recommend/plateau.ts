import { groupedBy, meanRatio } from '../../../maths/index.js';
import type {
  AxisName,
  Configuration,
  ConfigurationFigures,
  Recommendation,
  RecommendationKind,
  StageCharacterisation,
} from '../../../model/index.js';
import { changeText, configurationText, percent } from '../../../report/index.js';
import { axisLines, configurationKey, valueOn } from '../axes.js';
import { valuesOf } from '../observe.js';
import { figureSentence } from './evidence.js';

/** More of a resource must gain at least this part of the time to be worth it. */
const WORTH = 0.05;
const LINES_AT_MOST = 3;

const KINDS: Readonly<Record<AxisName, RecommendationKind>> = {
  workers: 'fewer-workers',
  cpu: 'less-cpu',
  memory: 'less-memory',
};

interface Plateau {
  readonly axis: AxisName;
  readonly enough: ConfigurationFigures;
  /** The largest of the line, and the least that the time with it may be, as a part of the time with enough. */
  readonly largest: Configuration;
  readonly evidence: readonly string[];
}

interface Step {
  readonly to: ConfigurationFigures;
  readonly low: number;
}

/** What more than this gains; undefined where it may gain too much, or nobody can tell. */
function gainsBeyond(
  from: ConfigurationFigures,
  larger: readonly ConfigurationFigures[],
): Step[] | undefined {
  const steps = larger.map((to): Step => {
    const ratio = meanRatio(valuesOf(from.metrics.time), valuesOf(to.metrics.time));
    return { to, low: ratio?.low ?? 0 };
  });
  return steps.every(({ low }) => low >= 1 - WORTH) ? steps : undefined;
}

/** The smallest of a line beyond which nothing is gained that is worth it; undefined where that is the largest. */
function plateauOf(axis: AxisName, line: readonly ConfigurationFigures[]): Plateau | undefined {
  for (const [index, enough] of line.entries()) {
    const larger = line.slice(index + 1);
    const largest = larger.at(-1)?.configuration;
    const steps = gainsBeyond(enough, larger);
    if (largest === undefined || steps === undefined) continue;
    const evidence = [
      figureSentence('time', enough),
      ...steps.flatMap(({ to, low }) => [
        figureSentence('time', to),
        low >= 1
          ? `With 95 % confidence that is slower by at least ${percent(low - 1, 1)}.`
          : `With 95 % confidence that is faster by at most ${percent(1 - low, 1)}.`,
      ]),
    ];
    return { axis, enough, largest, evidence };
  }
  return undefined;
}

function adviceFor({ axis, enough, largest }: Plateau): string {
  const own = enough.configuration;
  if (axis === 'workers') return `More than ${own.workers} workers do not pay: ${configurationText(own)}.`;
  if (axis === 'cpu') return `More than ${own.cpu} CPU does not pay: ${configurationText(own)}.`;
  return `Memory can be lowered from ${largest.memoryMib} to ${own.memoryMib} MiB (${changeText(own.memoryMib / largest.memoryMib)}) without losing time, as long as inputs stay as large as these: ${configurationText(own)}.`;
}

/** Where more workers, processors or memory gain less than 5 % of the time, on every line of the grid that shows it. */
export function plateaus(stage: StageCharacterisation): Recommendation[] {
  const figures = new Map(stage.configurations.map((each) => [configurationKey(each.configuration), each]));
  const lines = axisLines(stage.configurations.map(({ configuration }) => configuration));
  const found = lines.flatMap(({ axis, configurations }) => {
    const line = configurations.flatMap((each) => figures.get(configurationKey(each)) ?? []);
    return plateauOf(axis, line) ?? [];
  });
  // Lines with the same end give the same advice: the fastest of them stands for all.
  const groups = groupedBy(found, ({ axis, enough }) => `${axis}/${valueOn(axis, enough.configuration)}`);
  const time = ({ enough }: Plateau): number =>
    enough.metrics.time?.statistics.mean ?? Number.POSITIVE_INFINITY;
  return [...groups.values()].flatMap((group): Recommendation[] => {
    const [first, ...others] = [...group].sort((a, b) => time(a) - time(b));
    if (first === undefined) return [];
    return [
      {
        kind: KINDS[first.axis],
        stage: stage.stage,
        configuration: first.enough.configuration,
        instead: first.largest,
        about: first.axis,
        advice: adviceFor(first),
        evidence: [
          ...first.evidence,
          ...others
            .slice(0, LINES_AT_MOST)
            .map(({ enough }) => `The same holds for ${configurationText(enough.configuration)}.`),
          ...(others.length > LINES_AT_MOST
            ? [`And for ${others.length - LINES_AT_MOST} more lines of the grid.`]
            : []),
        ],
      },
    ];
  });
}
