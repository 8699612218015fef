import type {
  Characterisation,
  MetricName,
  Recommendation,
  StageCharacterisation,
} from '../../model/index.js';
import { AXIS_TITLES, stageTitle } from '../characterisation-words.js';
import { configurationText } from '../difference-words.js';
import { type Markup, markup } from '../markup.js';
import { percent } from '../terminal/figures.js';
import { axisChart, axisLegend, SERIES_AT_MOST } from './axis-chart.js';
import { frontChart } from './front-chart.js';
import { methodsChart } from './methods-chart.js';
import { page } from './page.js';
import { phasesChart } from './phases-chart.js';
import { comparisonsTable, figuresTable, scalingTable } from './stage-tables.js';

export interface CharacterisationReportOptions {
  readonly version?: string;
}

const CHARTED: readonly MetricName[] = ['time', 'energy'];

function axisCharts(stage: StageCharacterisation, id: string): Markup[] {
  return (['workers', 'cpu', 'memory'] as const).flatMap((axis) => {
    const charts = CHARTED.flatMap(
      (metric) => axisChart(stage, axis, metric, `${id}-${axis}-${metric}`) ?? [],
    );
    if (charts.length === 0) return [];
    const lines = stage.lines.filter((line) => line.axis === axis).length;
    const more =
      lines > SERIES_AT_MOST
        ? markup`<p class="note">${SERIES_AT_MOST} of ${lines} rows of the grid are drawn; the table has all.</p>`
        : undefined;
    return [
      markup`<h3>By ${AXIS_TITLES[axis]}</h3>${more}<div class="pair">${charts}</div>${axisLegend(stage, axis)}`,
    ];
  });
}

function frontCharts(stage: StageCharacterisation, id: string): Markup | undefined {
  const { metrics } = stage.front;
  const charts = (['energy', 'cost'] as const).flatMap((metric) =>
    metrics.includes(metric) ? (frontChart(stage, ['time', metric], `${id}-front-${metric}`) ?? []) : [],
  );
  if (charts.length === 0) return undefined;
  return markup`<h3>What is given up for what</h3><div class="pair">${charts}</div>`;
}

const titled = (title: string, note: string, content: Markup | undefined): Markup | undefined =>
  content && markup`<h3>${title}</h3><p class="note">${note}</p>${content}`;

function adviceList(all: readonly Recommendation[]): Markup | undefined {
  if (all.length === 0) return undefined;
  return markup`<ul class="advice">${all.map(
    ({ advice, evidence }) =>
      markup`<li><p>${advice}</p><ul>${evidence.map((each) => markup`<li>${each}</li>`)}</ul></li>`,
  )}</ul>`;
}

const folded = (title: string, content: Markup | undefined): Markup | undefined =>
  content && markup`<details><summary>${title}</summary>${content}</details>`;

function stageSection(
  stage: StageCharacterisation,
  index: number,
  recommendations: readonly Recommendation[],
): Markup {
  const id = `stage${index}`;
  const own = recommendations.filter((each) => each.stage === stage.stage);
  const sources = stage.energySources.map(({ source, provenance }) => `${source} (${provenance})`).join(', ');
  return markup`<section><h2>${stageTitle(stage.stage)}</h2>
${sources === '' ? undefined : markup`<p class="note">Energy by ${sources}.</p>`}
${
  stage.notes.length === 0
    ? undefined
    : markup`<ul class="findings">${stage.notes.map((note) => markup`<li>${note}</li>`)}</ul>`
}
${adviceList(own)}
${axisCharts(stage, id)}
${frontCharts(stage, id)}
${titled('Phases', 'Summed over the invocations of a repetition: more workers share the seconds, they don’t lessen them.', phasesChart(stage, `${id}-phases`))}
${titled('Energy by method', 'Side by side: methods see different parts of the machine, and estimates are no measurements.', methodsChart(stage, `${id}-methods`))}
<h3>Figures</h3>${figuresTable(stage)}
${folded(`Scaling (${stage.scaling.length})`, scalingTable(stage))}
${folded(`Comparisons (${stage.comparisons.length})`, comparisonsTable(stage))}</section>`;
}

interface Tile {
  readonly name: string;
  readonly figure: string;
  readonly detail: string;
}

function tiles({ stages }: Characterisation, recommendations: readonly Recommendation[]): Markup {
  const [first] = stages;
  const repetitions = first?.configurations.map((each) => each.repetitions) ?? [];
  const [fewest, most] = [Math.min(...repetitions), Math.max(...repetitions)];
  const best = (kind: Recommendation['kind'], name: string): Tile[] =>
    recommendations
      .filter((each) => each.kind === kind && each.stage === first?.stage)
      .slice(0, 1)
      .map(({ configuration }) => ({
        name,
        figure: configurationText(configuration),
        detail: stageTitle(first?.stage ?? ''),
      }));
  const variation = first?.sensitivities.find(({ metric }) => metric === 'time');
  const all: Tile[] = [
    {
      name: 'configurations',
      figure: String(repetitions.length),
      detail: `${stages.length} ${stages.length === 1 ? 'part' : 'parts'} of the workflow`,
    },
    {
      name: 'repetitions of each',
      figure: repetitions.length === 0 ? '-' : fewest === most ? String(most) : `${fewest} to ${most}`,
      detail: variation === undefined ? 'warm-ups apart' : `times vary by ${percent(variation.variation, 1)}`,
    },
    ...best('fastest', 'fastest'),
    ...best('least-energy', 'least energy'),
    ...best('cheapest', 'cheapest'),
  ];
  return markup`<dl class="tiles">${all.map(
    ({ name, figure, detail }) =>
      markup`<div class="tile"><dt>${name}</dt><dd>${figure}</dd><dd class="detail">${detail}</dd></div>`,
  )}</dl>`;
}

/** A characterisation as a page for a browser: one file that needs nothing else. */
export function characterisationReport(
  characterisation: Characterisation,
  recommendations: readonly Recommendation[],
  { version }: CharacterisationReportOptions = {},
): string {
  const { workflow, stages } = characterisation;
  return page({
    title: `${workflow}: characterisation`,
    header: markup`<h1>Characterisation</h1><p class="soft">Workflow ${workflow}</p>${tiles(characterisation, recommendations)}`,
    content: stages.map((stage, index) => stageSection(stage, index, recommendations)),
    footer: markup`<p>Lines go through means, with their 95 % intervals; small points are single repetitions, hollow ones far from the others. A comparison with * is hardly chance: p below 0.05 after Holm’s correction. Made by Wattloop${version === undefined ? '' : ` ${version}`}. Nothing in this page is loaded from elsewhere.</p>`,
  });
}
