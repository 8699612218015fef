import type { Characterisation, Recommendation, StageCharacterisation } from '../../model/index.js';
import { figuresColumns, shortName, stageTitle, varyingAxes } from '../characterisation-words.js';
import { effectText, pText, ratioText } from '../difference-words.js';
import { percent } from '../terminal/figures.js';
import { markdownTable, plain } from './markdown-table.js';

function figuresTable(stage: StageCharacterisation): string {
  const columns = figuresColumns(stage);
  return markdownTable(
    ['workers', 'CPU', 'MiB', ...columns.map(({ title }) => title)],
    stage.configurations.map((each) => {
      const { workers, cpu, memoryMib } = each.configuration;
      return [
        String(workers),
        String(cpu),
        String(memoryMib),
        ...columns.map(({ cell }) => cell(each).replace('*', '✓')),
      ];
    }),
  );
}

function sections(stage: StageCharacterisation, recommendations: readonly Recommendation[]): string[] {
  const axes = varyingAxes(stage.configurations.map(({ configuration }) => configuration));
  const own = recommendations.filter((each) => each.stage === stage.stage);
  const advice = own.map(({ advice: text, evidence }) =>
    [`- **${plain(text)}**`, ...evidence.map((each) => `  - ${plain(each)}`)].join('\n'),
  );
  const scaling = markdownTable(
    ['along', 'from', 'to', 'speed-up', 'ideal', 'efficiency (95 %)'],
    stage.scaling.map(({ axis, base, configuration, speedUp, ideal, efficiency }) => [
      axis,
      shortName(base, axes),
      shortName(configuration, axes),
      speedUp.value.toFixed(2),
      ideal.toFixed(2),
      `${percent(efficiency.value)} (${percent(efficiency.low)} to ${percent(efficiency.high)})`,
    ]),
  );
  const comparisons = markdownTable(
    ['compared', 'along', 'from', 'to', 'change (95 %)', 'p (Holm)', 'Cohen’s d (95 %)'],
    stage.comparisons.map(({ metric, kind, from, to, difference }) => [
      metric,
      kind === 'best' ? 'best and other' : kind,
      shortName(from, axes),
      shortName(to, axes),
      ratioText(difference),
      `${pText(difference.adjustedP)}${difference.isSignificant ? ' (significant)' : ''}`,
      effectText(difference),
    ]),
  );
  return [
    `## ${plain(stageTitle(stage.stage))}`,
    figuresTable(stage),
    ...(advice.length > 0 ? ['### Advice', advice.join('\n')] : []),
    ...(stage.scaling.length > 0 ? ['### Scaling', scaling] : []),
    ...(stage.comparisons.length > 0 ? ['### Comparisons', comparisons] : []),
    ...(stage.notes.length > 0
      ? ['### What to know', stage.notes.map((note) => `- ${plain(note)}`).join('\n')]
      : []),
  ];
}

/** A characterisation as a Markdown document. */
export const characterisationMarkdown = (
  { workflow, stages }: Characterisation,
  recommendations: readonly Recommendation[],
): string =>
  `${[
    `# Workflow ${plain(workflow)}`,
    'Means ± half their 95 % interval over the repetitions, warm-ups apart; ✓ marks configurations that no other beats in all metrics together.',
    ...stages.flatMap((stage) => sections(stage, recommendations)),
  ].join('\n\n')}\n`;
