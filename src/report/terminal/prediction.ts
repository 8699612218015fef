import type {
  AbsentQuantities,
  ChosenConfigurations,
  ConfigurationChoice,
  ModelErrors,
  OptionalQuantity,
  PredictedFigure,
  StageModelKind,
  StagePrediction,
  WorkflowPrediction,
} from '../../model/index.js';
import { configurationWords } from '../run/run-words.js';
import { grams, joules, percent, seconds } from './figures.js';
import { dollars } from './money.js';
import { printable } from './printable.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

export interface PredictionTextOptions {
  readonly width?: number;
}

const DEFAULT_WIDTH = 100;

type Write = (value: number | undefined) => string;

const KINDS: Readonly<Record<StageModelKind, string>> = {
  analytic: 'analytic',
  mixed: 'mixed',
  gaussian_process: 'Gaussian process',
};

const range = (figure: PredictedFigure | undefined, write: Write): string =>
  figure === undefined ? '-' : `${write(figure.interval95.low)} to ${write(figure.interval95.high)}`;

/** Figures that no stage has need no column. */
function figuresTable(stages: readonly StagePrediction[]): string {
  const columns: readonly [string, Write, (stage: StagePrediction) => PredictedFigure | undefined][] = [
    ['ENERGY', joules, (stage) => stage.joules],
    ['CO2E', grams, (stage) => stage.carbonGrams],
    ['COST', dollars, (stage) => stage.costUsd],
  ];
  const shown = columns.filter(([, , of]) => stages.some((stage) => of(stage) !== undefined));
  return table(
    [
      'STAGE',
      'CONFIGURATION',
      'TIME',
      '95 %',
      ...shown.flatMap(([title]) => (title === 'ENERGY' ? [title, '95 %'] : [title])),
      '',
    ],
    stages.map((stage) => [
      printable(stage.stage),
      configurationWords(stage.configuration),
      seconds(stage.wallSeconds.mean),
      range(stage.wallSeconds, seconds),
      ...shown.flatMap(([title, write, of]) => {
        const figure = of(stage);
        return title === 'ENERGY' ? [write(figure?.mean), range(figure, write)] : [write(figure?.mean)];
      }),
      stage.extrapolation === undefined ? '' : 'beyond what was seen',
    ]),
  );
}

const errorText = (errors: ModelErrors | undefined): string =>
  errors === undefined ? '-' : `${percent(errors.median)} (${percent(errors.percentile90)})`;
const coverageText = (errors: ModelErrors | undefined): string =>
  errors === undefined ? '-' : percent(errors.coverage);

/** What the figures rest on. */
function modelsTable(stages: readonly StagePrediction[]): string {
  return table(
    [
      'MODEL',
      'SAMPLES',
      'CONFIGURATIONS',
      'TIME BY',
      'ERROR (WORST TENTH)',
      'WITHIN 95 %',
      'ENERGY BY',
      'ERROR (WORST TENTH)',
      'WITHIN 95 %',
    ],
    stages.map((stage) => [
      printable(stage.stage),
      stage.samples,
      stage.configurations,
      KINDS[stage.timeKind],
      errorText(stage.timeErrors),
      coverageText(stage.timeErrors),
      stage.energyKind === undefined ? '-' : KINDS[stage.energyKind],
      errorText(stage.energyErrors),
      coverageText(stage.energyErrors),
    ]),
  );
}

const NAMES: Readonly<Record<OptionalQuantity, string>> = {
  joules: 'Energy',
  carbonGrams: 'Carbon',
  costUsd: 'Cost',
};

function total(name: string, figure: PredictedFigure | undefined, write: Write, reason?: string): string {
  const label = name.padEnd(14);
  if (figure === undefined) return `${label}unknown${reason === undefined ? '' : `: ${printable(reason)}`}`;
  return `${label}${write(figure.mean)}, 95 of 100 runs from ${range(figure, write)}`;
}

function totals(prediction: WorkflowPrediction): string[] {
  const { criticalPath, deadline } = prediction;
  const absent: AbsentQuantities = prediction.absent;
  return [
    total('Time', prediction.wallSeconds, seconds),
    `Critical path ${criticalPath.stages.map(printable).join(' > ')} (${seconds(criticalPath.seconds)})`,
    ...(deadline === undefined
      ? []
      : [
          `Deadline      ${seconds(deadline.seconds)}: ${percent(deadline.chance)} of runs would end in time`,
        ]),
    total(NAMES.joules, prediction.joules, joules, absent.joules),
    total(NAMES.carbonGrams, prediction.carbonGrams, grams, absent.carbonGrams),
    total(NAMES.costUsd, prediction.costUsd, dollars, absent.costUsd),
  ];
}

const listed = (lines: readonly string[], width: number): string[] =>
  lines.map((line) => `- ${wrap(printable(line), width, '  ')}`);

/** What a run is expected to take, and what that rests on. */
export function predictionText(prediction: WorkflowPrediction, options: PredictionTextOptions = {}): string {
  const { width = DEFAULT_WIDTH } = options;
  const beyond = prediction.extrapolations.map(
    ({ stage, reason }) => `stage "${stage}" is beyond what was seen: ${reason}`,
  );
  const without = prediction.stages.filter(({ timeErrors }) => timeErrors === undefined);
  const unjudged =
    without.length === 0
      ? []
      : [
          `too few configurations to leave one out and see how well it is foretold: ${without.map(({ stage }) => stage).join(', ')}`,
        ];
  const notes = listed([...beyond, ...unjudged, ...prediction.notes], width);
  return [
    figuresTable(prediction.stages),
    '',
    ...totals(prediction),
    '',
    modelsTable(prediction.stages),
    'Errors are of configurations that the model was not shown, medians.',
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function rivalsTable({ stages }: ChosenConfigurations): string[] {
  const rows = stages.flatMap(({ stage, givenUp }) =>
    givenUp.map(({ configuration, wallSeconds, joules: energy, costUsd, reason }) => [
      printable(stage),
      configurationWords(configuration),
      seconds(wallSeconds),
      joules(energy),
      dollars(costUsd),
      reason,
    ]),
  );
  if (rows.length === 0) return [];
  return ['', table(['GIVEN UP', 'CONFIGURATION', 'TIME', 'ENERGY', 'COST', 'TAKING IT INSTEAD'], rows)];
}

/** Which configurations were chosen, what they promise and what was given up; or why there are none. */
export function choiceText(choice: ConfigurationChoice, options: PredictionTextOptions = {}): string {
  const { width = DEFAULT_WIDTH } = options;
  const leftOut = choice.extrapolationsLeftOut;
  const left = leftOut === 0 ? [] : [`Candidates beyond what was seen, not considered: ${leftOut}`];
  if (choice.status === 'infeasible')
    return [`No configuration: ${wrap(printable(choice.explanation), width, '  ')}`, ...left].join('\n');
  const candidates = choice.stages.map(({ candidates: count }) => count).join(' × ');
  return [
    `Least ${wrap(printable(choice.explanation), width, '  ')}`,
    `Of ${candidates} configurations${choice.status === 'optimal' ? ', proven' : ''}`,
    ...left,
    '',
    predictionText(choice.prediction, options),
    ...rivalsTable(choice),
  ].join('\n');
}
