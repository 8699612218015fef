import type { RunFigures, RunRecord } from '../../../model/index.js';
import { type Markup, markup } from '../../markup.js';
import { countWords, errorWords, moment, originWords } from '../../run/run-words.js';
import { grams, joules, seconds, watts } from '../../terminal/figures.js';
import { dollars } from '../../terminal/money.js';

interface Tile {
  readonly name: string;
  readonly figure: string;
  readonly detail: string;
}

function tilesOf(totals: RunFigures): Tile[] {
  const { wallSeconds, cpuSeconds, joules: energy, carbonGrams, costUsd } = totals;
  const power = energy === undefined || !(wallSeconds > 0) ? undefined : energy / wallSeconds;
  const cores = wallSeconds > 0 ? `${(cpuSeconds / wallSeconds).toFixed(2)} processors on average` : '';
  return [
    { name: 'time', figure: seconds(wallSeconds), detail: countWords(totals) },
    {
      name: 'energy',
      figure: joules(energy),
      detail: energy === undefined ? 'no source of energy works there' : originWords(totals),
    },
    { name: 'power', figure: watts(power), detail: 'of the run, over its time' },
    {
      name: 'carbon',
      figure: grams(carbonGrams),
      detail: carbonGrams === undefined ? 'not known without energy' : 'CO2e',
    },
    {
      name: 'cost',
      figure: dollars(costUsd),
      detail: costUsd === undefined ? 'no prices for this' : 'by the price table in force',
    },
    { name: 'CPU time', figure: seconds(cpuSeconds), detail: cores },
  ];
}

/** What run it is, how it went, and what it took. */
export function head(run: RunRecord): Markup {
  const { workflow, id, status, startedAt, totals, error, experiment } = run;
  const which = experiment === undefined ? '' : `, repetition ${experiment.repetition} of ${experiment.id}`;
  return markup`<h1>${workflow}</h1>
<p class="soft"><span class="badge">${status}</span> run ${id}, ${moment(startedAt)}${which}</p>
${error === undefined ? undefined : markup`<ul class="findings"><li>${errorWords(error)}</li></ul>`}
${
  totals === undefined
    ? undefined
    : markup`<dl class="tiles">${tilesOf(totals).map(
        ({ name, figure, detail }) =>
          markup`<div class="tile"><dt>${name}</dt><dd>${figure}</dd><dd class="detail">${detail}</dd></div>`,
      )}</dl>`
}`;
}
