import type { StageCharacterisation } from '../../model/index.js';
import { figuresColumns, shortName, varyingAxes } from '../characterisation-words.js';
import { configurationText, effectText, pText, ratioText } from '../difference-words.js';
import { type Markup, markup } from '../markup.js';
import { percent } from '../terminal/figures.js';
import { htmlTable } from './html-table.js';

/** All figures of a stage, one row for each configuration. */
export function figuresTable(stage: StageCharacterisation): Markup {
  const columns = figuresColumns(stage);
  return htmlTable(
    'Means ± half their 95 % interval, warm-ups apart',
    [{ title: 'configuration' }, ...columns.map(({ title, hint }) => ({ title, hint }))],
    stage.configurations.map((each) => [
      configurationText(each.configuration),
      ...columns.map(({ title, cell }) => (title === 'front' && cell(each) !== '' ? '✓' : cell(each))),
    ]),
  );
}

export function scalingTable({ scaling, configurations }: StageCharacterisation): Markup | undefined {
  if (scaling.length === 0) return undefined;
  const axes = varyingAxes(configurations.map(({ configuration }) => configuration));
  return htmlTable(
    'Scaling, against the smallest along each axis',
    [
      { title: 'to' },
      { title: 'from', kind: 'text' },
      { title: 'along', kind: 'text' },
      { title: 'speed-up' },
      { title: 'ideal' },
      { title: 'efficiency (95 %)', hint: 'speed-up over the ideal' },
    ],
    scaling.map(({ axis, base, configuration, speedUp, ideal, efficiency }) => [
      shortName(configuration, axes),
      shortName(base, axes),
      axis,
      speedUp.value.toFixed(2),
      ideal.toFixed(2),
      `${percent(efficiency.value)} (${percent(efficiency.low)} to ${percent(efficiency.high)})`,
    ]),
  );
}

export function comparisonsTable({ comparisons, configurations }: StageCharacterisation): Markup | undefined {
  if (comparisons.length === 0) return undefined;
  const axes = varyingAxes(configurations.map(({ configuration }) => configuration));
  return htmlTable(
    'Welch’s test between neighbours, and between the best of each metric and all others',
    [
      { title: 'to' },
      { title: 'from', kind: 'text' },
      { title: 'why these', kind: 'text' },
      { title: 'metric', kind: 'text' },
      { title: 'change (95 %)' },
      { title: 'p (Holm)', hint: 'made honest about how many tests were made' },
      { title: 'Cohen’s d (95 %)', hint: 'difference in deviations, with Hedges’ correction' },
    ],
    comparisons.map(({ metric, kind, from, to, difference }) => [
      shortName(to, axes),
      shortName(from, axes),
      kind === 'best' ? 'best' : `next in ${kind}`,
      metric,
      ratioText(difference),
      markup`${pText(difference.adjustedP)}${difference.isSignificant ? ' *' : ''}`,
      effectText(difference),
    ]),
  );
}
