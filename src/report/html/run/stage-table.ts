import type { RunFigures, RunRecord } from '../../../model/index.js';
import { type Markup, markup, type Part } from '../../markup.js';
import { configurationWords, originWords } from '../../run/run-words.js';
import { grams, joules, seconds } from '../../terminal/figures.js';
import { dollars } from '../../terminal/money.js';
import { type Column, htmlTable } from '../html-table.js';

const COLUMNS: readonly Column[] = [
  { title: 'stage' },
  { title: 'workers', kind: 'text', hint: 'partitions, and what each is given' },
  { title: 'invocations', hint: 'every execution; a retry is another one' },
  { title: 'failed' },
  { title: 'retries' },
  { title: 'wall', hint: 'from the first start to the last end' },
  { title: 'CPU', hint: 'CPU time of all invocations' },
  { title: 'read' },
  { title: 'compute' },
  { title: 'write' },
  { title: 'cold starts' },
  { title: 'energy', hint: 'with its share of idle, where that is known' },
  { title: 'energy by', kind: 'text' },
  { title: 'CO2e' },
  { title: 'cost', hint: 'by the price table in force' },
];

const cells = (name: Part, given: string, figures: RunFigures): Part[] => [
  name,
  given,
  figures.invocations,
  figures.failed,
  figures.retries,
  seconds(figures.wallSeconds),
  seconds(figures.cpuSeconds),
  seconds(figures.readSeconds),
  seconds(figures.computeSeconds),
  seconds(figures.writeSeconds),
  figures.coldStarts,
  joules(figures.joules),
  originWords(figures) || '-',
  grams(figures.carbonGrams),
  dollars(figures.costUsd),
];

/** What each stage took, and the run in all. */
export function stageTable({ stages, totals }: RunRecord): Markup {
  const rows = stages.map((stage) => cells(stage.name, configurationWords(stage.configuration), stage));
  const all = totals === undefined ? [] : [cells('the run', '', totals)];
  return markup`<section><h2>By stage</h2><p class="note">Sums over invocations, retries and failed attempts included; wall is from first start to last end.</p>${htmlTable('What each stage took', COLUMNS, [...rows, ...all])}</section>`;
}
