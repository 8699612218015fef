import type { Account, FootprintKind, MarginalEnergy } from '../../footprint/index.js';
import {
  type AccountRow,
  type AccountSort,
  accountRows,
  accountSums,
  controlPlaneUnknown,
  findingText,
} from '../account-rows.js';
import { type Markup, markup } from '../markup.js';
import { lagText } from '../terminal/account-head.js';
import { grams, joules, quantity, seconds, watts } from '../terminal/figures.js';
import { withError } from '../terminal/with-error.js';
import { totalCounts } from '../total-counts.js';
import { footprintChart } from './footprint-chart.js';
import { energyTable, workTable } from './function-table.js';
import { htmlTable } from './html-table.js';
import { marginalSection } from './marginal-section.js';
import { page } from './page.js';
import { powerChart } from './power-chart.js';
import { shareBar } from './share-bar.js';
import { validationSection } from './validation-section.js';

export interface AccountReportOptions {
  /** What the trace is called. */
  readonly title: string;
  readonly version?: string;
  readonly sort?: AccountSort;
  /** What a second trace says of the functions that it leaves out. */
  readonly pair?: MarginalEnergy;
  /** What the account's totals count; everything when not given. */
  readonly kind?: FootprintKind;
}

/** Bars that one picture shows; the table has every function. */
const BARS_AT_MOST = 20;

interface Tile {
  readonly name: string;
  readonly figure: string;
  readonly detail: string;
}

function tiles(account: Account): Markup {
  const {
    windowSeconds,
    shares,
    functions,
    idleWatts,
    idleErrorWatts,
    lagSeconds,
    lagErrorSeconds,
    r2,
    provenance,
  } = account;
  const sums = accountSums(account);
  const why = (figure: string): string => provenance[figure]?.reason ?? provenance[figure]?.method ?? '';
  const all: Tile[] = [
    {
      name: 'measured energy',
      figure: joules(shares.measuredJoules),
      detail: `${watts(sums.meanWatts)} over ${seconds(windowSeconds)}`,
    },
    {
      name: 'carbon',
      figure: grams(sums.carbonGrams),
      detail: ['CO2e', why('carbon_g')].filter((part) => part !== '').join(', '),
    },
    { name: 'functions', figure: String(functions.length), detail: `${sums.invocations} invocations` },
    { name: 'idle power', figure: withError(idleWatts, idleErrorWatts, 'W'), detail: why('idle_w') },
    {
      name: 'fit (R²)',
      figure: r2?.toFixed(3) ?? '-',
      detail: r2 === undefined ? why('r2') : 'of predicted system power',
    },
    {
      name: 'lag',
      figure: lagSeconds === undefined ? '-' : quantity(lagSeconds, 's'),
      detail: lagSeconds === undefined ? why('lag_s') : lagText(lagSeconds, lagErrorSeconds),
    },
  ];
  return markup`<dl class="tiles">${all.map(
    ({ name, figure, detail }) =>
      markup`<div class="tile"><dt>${name}</dt><dd>${figure}</dd><dd class="detail">${detail}</dd></div>`,
  )}</dl>`;
}

function footprints(rows: readonly AccountRow[], kind: FootprintKind | undefined): Markup {
  const counted = totalCounts(kind);
  // Those that count by the order asked for, the largest bar on top.
  const shown = rows.slice(0, BARS_AT_MOST).sort((a, b) => b.totalJoules - a.totalJoules);
  const more =
    rows.length > shown.length
      ? markup`<p class="note">${shown.length} of ${rows.length} functions; the tables below have all.</p>`
      : undefined;
  return markup`<section><h2>What one invocation takes</h2>
<p class="note">The bar is the function’s fair share of what was drawn; all shares make up the whole. The dot beneath is another question’s answer: what the machine would have drawn less without the function.</p>
${more}${counted && markup`<p class="note">${counted}</p>`}${footprintChart(shown, kind)}</section>`;
}

function groups({ groups: all }: Account): Markup | undefined {
  if (all.length === 0) return undefined;
  return markup`<section><h2>Functions that can’t be told apart</h2>
<p class="note">Their own figures are not certain; that of all of a group together is.</p>
${htmlTable(
  'Groups, over the whole trace',
  [{ title: 'functions' }, { title: 'together' }, { title: 'why', kind: 'long' }],
  all.map(({ functions, individualJoules, errorJoules, reason }) => [
    functions.join(', '),
    withError(individualJoules, errorJoules, 'J'),
    reason,
  ]),
)}</section>`;
}

function findings({ findings: all }: Account): Markup | undefined {
  if (all.length === 0) return undefined;
  return markup`<section><h2>What to know about this trace</h2><ul class="findings">${all.map(
    (finding) => markup`<li>${findingText(finding)}</li>`,
  )}</ul></section>`;
}

function provenances({ provenance }: Account): Markup | undefined {
  // What is said of single functions stands with them.
  const entries = Object.entries(provenance).filter(([name]) => !name.startsWith('functions.'));
  if (entries.length === 0) return undefined;
  return markup`<section><h2>How the figures were got</h2>
${htmlTable(
  'Measured by a counter, modelled on measurements, or estimated from a table',
  [
    { title: 'figure' },
    { title: 'kind', kind: 'text' },
    { title: 'method', kind: 'long' },
    { title: 'why so', kind: 'long' },
  ],
  entries.map(([name, { provenance: kind, method, reason }]) => [
    name,
    markup`<span class="badge">${kind}</span>`,
    method,
    reason ?? '',
  ]),
)}</section>`;
}

/** The account of a trace as a page for a browser: one file that needs nothing else. */
export function accountReport(
  account: Account,
  { title, version, sort = 'energy', pair, kind }: AccountReportOptions,
): string {
  const rows = accountRows(account, sort);
  const { measuredJoules } = account.shares;
  return page({
    title: `${title}: energy account`,
    header: markup`<h1>Energy account</h1><p class="soft">${title}</p>${tiles(account)}`,
    content: [
      markup`<section><h2>Power over time</h2><p class="note">What the machine drew as a line, and whose it was as areas, on the clock of the work.</p>${powerChart(account)}</section>`,
      markup`<section><h2>Where the energy went</h2>${shareBar(account, accountSums(account))}</section>`,
      footprints(rows, kind),
      markup`<section><h2>By function</h2>${energyTable(rows, controlPlaneUnknown(account) === undefined)}${workTable(rows, measuredJoules)}</section>`,
      groups(account),
      pair && marginalSection(pair),
      account.validation === undefined ? undefined : validationSection(account.validation),
      findings(account),
      provenances(account),
    ],
    footer: markup`<p>Made by Wattloop${version === undefined ? '' : ` ${version}`}. Nothing in this page is loaded from elsewhere.</p>`,
  });
}
