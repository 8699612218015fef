import type {
  Characterisation,
  ConfigurationComparison,
  Recommendation,
  StageCharacterisation,
} from '../../model/index.js';
import { figuresColumns, shortName, stageTitle, varyingAxes } from '../characterisation-words.js';
import { effectText, pText, ratioText } from '../difference-words.js';
import { percent } from './figures.js';
import { printable } from './printable.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

export interface CharacterisationTextOptions {
  readonly width?: number;
  /** Comparisons that are listed of a stage at most. */
  readonly top?: number;
}

const DEFAULT_WIDTH = 100;
const DEFAULT_TOP = 8;

function figuresTable(stage: StageCharacterisation): string {
  const columns = figuresColumns(stage).filter(({ isWide }) => !isWide);
  return table(
    ['WORKERS', 'CPU', 'MIB', ...columns.map(({ title }) => title.toUpperCase())],
    stage.configurations.map((each) => {
      const { workers, cpu, memoryMib } = each.configuration;
      return [workers, cpu, memoryMib, ...columns.map(({ cell }) => cell(each))];
    }),
  );
}

const strength = ({ difference }: ConfigurationComparison): number =>
  difference.effect === undefined ? 0 : Math.abs(difference.effect.hedgesG);

/** Neighbours along the axes, the clearest differences first. */
function comparisonTable(stage: StageCharacterisation, top: number): string[] {
  const all = stage.comparisons
    .filter(({ kind }) => kind !== 'best')
    .sort((a, b) => strength(b) - strength(a));
  if (all.length === 0) return [];
  const axes = varyingAxes(stage.configurations.map(({ configuration }) => configuration));
  const rows = all
    .slice(0, top)
    .map(({ metric, from, to, difference }) => [
      metric,
      shortName(from, axes),
      shortName(to, axes),
      ratioText(difference),
      `${pText(difference.adjustedP)}${difference.isSignificant ? ' *' : ''}`,
      effectText(difference),
    ]);
  return [
    table(['COMPARED', 'FROM', 'TO', 'CHANGE (95 %)', 'P (HOLM)', "COHEN'S D (95 %)"], rows),
    ...(all.length > top ? [`${all.length - top} more comparisons of neighbours (--json has all)`] : []),
  ];
}

function scalingTable({ scaling, configurations }: StageCharacterisation, top: number): string[] {
  if (scaling.length === 0) return [];
  const axes = varyingAxes(configurations.map(({ configuration }) => configuration));
  return [
    table(
      ['SCALING', 'FROM', 'TO', 'SPEED-UP', 'IDEAL', 'EFFICIENCY (95 %)'],
      scaling
        .slice(0, top)
        .map(({ axis, base, configuration, speedUp, ideal, efficiency }) => [
          axis,
          shortName(base, axes),
          shortName(configuration, axes),
          speedUp.value.toFixed(2),
          ideal.toFixed(2),
          `${percent(efficiency.value)} (${percent(efficiency.low)} to ${percent(efficiency.high)})`,
        ]),
    ),
    ...(scaling.length > top ? [`${scaling.length - top} more steps of scaling (--json has all)`] : []),
  ];
}

function adviceText(all: readonly Recommendation[], width: number): string[] {
  if (all.length === 0) return ['Nothing is recommended: the figures bear no advice.'];
  return all.map(({ advice, evidence }) =>
    [
      `> ${wrap(printable(advice), width, '  ')}`,
      ...evidence.map((each) => `    ${wrap(printable(each), width, '    ')}`),
    ].join('\n'),
  );
}

function stageText(
  stage: StageCharacterisation,
  recommendations: readonly Recommendation[],
  width: number,
  top: number,
): string {
  const own = recommendations.filter((each) => each.stage === stage.stage);
  return [
    printable(stageTitle(stage.stage)).toUpperCase(),
    figuresTable(stage),
    ...scalingTable(stage, top),
    ...comparisonTable(stage, top),
    ...adviceText(own, width),
    ...(stage.notes.length === 0
      ? []
      : [stage.notes.map((note) => `- ${wrap(printable(note), width, '  ')}`).join('\n')]),
  ].join('\n\n');
}

/** What `wattloop characterize` prints for people. */
export function characterisationText(
  { workflow, stages }: Characterisation,
  recommendations: readonly Recommendation[],
  { width = DEFAULT_WIDTH, top = DEFAULT_TOP }: CharacterisationTextOptions = {},
): string {
  const legend =
    'Means ± half their 95 % interval. * under FRONT: no other is better in all. * under P: not chance.';
  return `${[
    `Workflow ${printable(workflow)}: ${stages.length} ${stages.length === 1 ? 'part' : 'parts'} over ${stages[0]?.configurations.length ?? 0} configurations`,
    ...stages.map((stage) => stageText(stage, recommendations, width, top)),
    wrap(legend, width, ''),
  ].join('\n\n')}\n`;
}
