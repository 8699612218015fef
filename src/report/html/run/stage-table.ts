import type { RunFigures, RunRecord, StageSummary } from '../../../model/index.js';
import { type Markup, markup, type Part } from '../../markup.js';
import { configurationWords, originWords, troubleWords } from '../../run/run-words.js';
import { grams, joules, seconds } from '../../terminal/figures.js';
import { dollars } from '../../terminal/money.js';
import { type Column, htmlTable } from '../html-table.js';

const COLUMNS: readonly Column[] = [
  { title: 'stage' },
  { title: 'invocations', hint: 'every execution; a retry is another one' },
  { title: 'wall', hint: 'from the first start to the last end' },
  { title: 'CPU', hint: 'CPU time of all invocations' },
  { title: 'energy', hint: 'with its share of idle, where that is known' },
  { title: 'CO2e' },
  { title: 'cost', hint: 'by the price table in force' },
];

const TIME_COLUMNS: readonly Column[] = [
  { title: 'stage' },
  { title: 'read' },
  { title: 'compute' },
  { title: 'write' },
  { title: 'cold starts', hint: 'invocations that a worker had to be started for' },
  { title: 'CPU per invocation' },
];

/** A cell with words beneath. */
const remarked = (text: Part, remark: string): Part =>
  remark === '' ? text : markup`${text}<span class="remark">${remark}</span>`;

const cells = (name: Part, figures: RunFigures): Part[] => [
  name,
  remarked(figures.invocations, troubleWords(figures)),
  seconds(figures.wallSeconds),
  seconds(figures.cpuSeconds),
  remarked(joules(figures.joules), originWords(figures)),
  grams(figures.carbonGrams),
  dollars(figures.costUsd),
];

const timeCells = (name: string, figures: RunFigures): Part[] => [
  name,
  seconds(figures.readSeconds),
  seconds(figures.computeSeconds),
  seconds(figures.writeSeconds),
  figures.coldStarts,
  seconds(figures.invocations > 0 ? figures.cpuSeconds / figures.invocations : undefined),
];

const named = ({ name, configuration }: StageSummary): Part =>
  remarked(name, configurationWords(configuration));

/** What each stage took, and the run in all. */
export function stageTable({ stages, totals }: RunRecord): Markup {
  const all = totals === undefined ? [] : [cells('the run', totals)];
  const allTimes = totals === undefined ? [] : [timeCells('the run', totals)];
  return markup`<section><h2>By stage</h2><p class="note">Sums over invocations, retries and failed attempts included; wall is from first start to last end.</p>${htmlTable(
    'What each stage took',
    COLUMNS,
    [...stages.map((stage) => cells(named(stage), stage)), ...all],
  )}${htmlTable('Where its time went, summed over invocations', TIME_COLUMNS, [
    ...stages.map((stage) => timeCells(stage.name, stage)),
    ...allTimes,
  ])}</section>`;
}
