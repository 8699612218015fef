import type { LoadFigures, LoadResult } from '../../../model/index.js';
import { countText, failureText, rateText } from '../../load-words.js';
import { type Markup, markup } from '../../markup.js';
import { joules, percent, seconds } from '../../terminal/figures.js';
import { type Column, htmlTable } from '../html-table.js';
import { page } from '../page.js';
import { latencyChart } from './latency-chart.js';

const COLUMNS: readonly Column[] = [
  { title: 'function', kind: 'text' },
  { title: 'calls come', kind: 'text' },
  { title: 'due', hint: 'Calls that were due in the measured time' },
  { title: 'done' },
  { title: 'failed' },
  { title: 'done/s' },
  { title: 'p50', hint: 'From when calls were due' },
  { title: 'p90' },
  { title: 'p99' },
  { title: 'p99.9' },
  { title: 'max' },
  { title: 'service p50', hint: 'From when calls were sent' },
];

const ENERGY_COLUMNS: readonly Column[] = [
  { title: 'function', kind: 'text' },
  { title: 'cold', hint: 'Calls that waited for a cold start' },
  { title: 'told energy', hint: 'Mean of what answers told' },
  { title: 'footprint', hint: "A call's energy in the gateway's account, all shares in it" },
];

const row = (name: string, arrival: string, figures: LoadFigures): string[] => {
  const { latency, service } = figures;
  return [
    name,
    arrival,
    countText(figures.due),
    countText(figures.done),
    countText(figures.failed),
    rateText(figures.perSecond),
    ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((of) => seconds(latency?.[of])),
    seconds(service?.p50),
  ];
};

const energyRow = (name: string, { cold, energy, footprint }: LoadFigures): string[] => [
  name,
  countText(cold),
  joules(energy?.joulesPerCall),
  joules(footprint?.joulesPerCall),
];

/** Nothing where nobody told anything. */
function energySection({ functions, total }: LoadResult): Markup | undefined {
  if (total.cold === 0 && total.energy === undefined && total.footprint === undefined) return undefined;
  const rows = functions.map((each) => energyRow(each.name, each));
  if (functions.length > 1) rows.push(energyRow('total', total));
  return markup`<section><h2>Energy</h2>${htmlTable('Energy by call', ENERGY_COLUMNS, rows)}</section>`;
}

function latencySection({ curve }: LoadResult): Markup | undefined {
  const chart = latencyChart(curve);
  return chart && markup`<section><h2>Latency</h2>${chart}</section>`;
}

function generatorSection({ generator }: LoadResult): Markup {
  const { lateness, cpuSecondsPerCall, connections } = generator;
  const late = lateness
    ? `Half of the calls were sent at most ${seconds(lateness.p50)} after they were due, 99 % at most ${seconds(lateness.p99)}, all at most ${seconds(lateness.max)}. `
    : '';
  const cost =
    cpuSecondsPerCall === undefined ? '' : `A call took ${seconds(cpuSecondsPerCall)} of CPU time here. `;
  return markup`<section><h2>The generator</h2><p>${late}${cost}${countText(connections)} connections were open at most.</p></section>`;
}

/** A load as a page for a browser: one file that needs nothing else. */
export function loadReport(result: LoadResult, version?: string): string {
  const { total, functions, findings } = result;
  const rows = functions.map((each) => row(each.name, each.arrival, each));
  if (functions.length > 1) rows.push(row('total', '', total));
  const failed = total.due > 0 ? ` (${percent(total.failed / total.due, 2)})` : '';
  return page({
    title: 'Load',
    header: markup`<h1>Load</h1><p>${new Date(result.measuredFrom * 1e3).toISOString()}, ${seconds(result.seconds)}${result.interrupted ? ', ended early' : ''}: ${countText(total.done)} calls done, ${rateText(total.perSecond)} a second; ${countText(total.failed)} failed${failed}.</p>`,
    content: [
      markup`<section><h2>Functions</h2>${htmlTable('Calls by function', COLUMNS, rows)}</section>`,
      latencySection(result),
      energySection(result),
      total.failed > 0 ? markup`<section><h2>Failures</h2><p>${failureText(total)}</p></section>` : undefined,
      generatorSection(result),
      findings.length > 0
        ? markup`<section><h2>To know</h2><ul>${findings.map((each) => markup`<li>${each}</li>`)}</ul></section>`
        : undefined,
    ],
    footer: markup`<p>Made by Wattloop${version === undefined ? '' : ` ${version}`}. Nothing in this page is loaded from elsewhere.</p>`,
  });
}
