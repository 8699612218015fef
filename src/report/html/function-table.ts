import type { AccountRow } from '../account-rows.js';
import { type Markup, markup } from '../markup.js';
import { grams, joules, percent, seconds } from '../terminal/figures.js';
import { withError } from '../terminal/with-error.js';
import { type Column, htmlTable } from './html-table.js';

const COLUMNS: readonly Column[] = [
  { title: 'function' },
  { title: 'invocations' },
  { title: 'mean latency' },
  {
    title: 'power',
    hint: 'what it adds to the machine’s power while one invocation runs, ± one standard error',
  },
  { title: 'individual', hint: 'its own work and its share of the load floor' },
  { title: 'floor', hint: 'the part of individual that is a share of the load floor' },
  { title: 'control plane' },
  { title: 'idle' },
  { title: 'total' },
  { title: 'marginal', hint: 'what the machine would have drawn less without it, ± one standard error' },
  { title: 'CO2e', hint: 'operational and embodied, ± one standard error of the operational part' },
  { title: 'SCI', hint: 'Software Carbon Intensity with the invocation as unit' },
  { title: 'variation', hint: 'coefficient of variation of the energy of its invocations' },
  { title: 'all invocations', hint: 'total energy over the trace' },
  { title: 'share', kind: 'text', hint: 'of the measured energy' },
];

const SHARE_WIDTH = 64;

function shareCell(part: number): Markup {
  const width = Math.max(0, Math.min(1, part)) * SHARE_WIDTH;
  return markup`<svg class="swatch" width="${SHARE_WIDTH}" height="10" viewBox="0 0 ${SHARE_WIDTH} 10" aria-hidden="true"><rect class="track" width="${SHARE_WIDTH}" height="10" rx="2"/><rect class="work" width="${width.toFixed(1)}" height="10" rx="2"/></svg> ${percent(part, 1)}`;
}

/** Every function of the account with all its figures. */
export function functionTable(rows: readonly AccountRow[], measuredJoules: number): Markup {
  const cells = rows.map((row) => [
    markup`${row.name === '' ? '(no name)' : row.name}${row.remark === undefined ? undefined : markup`<span class="remark">${row.remark}</span>`}`,
    row.invocations,
    seconds(row.meanLatencySeconds),
    withError(row.powerWatts, row.powerErrorWatts, 'W'),
    withError(row.individualJoules, row.individualErrorJoules, 'J'),
    joules(row.floorJoules),
    joules(row.controlPlaneJoules),
    joules(row.idleJoules),
    joules(row.totalJoules),
    withError(row.marginalJoules, row.marginalErrorJoules, 'J'),
    withError(row.carbonGrams, row.carbonErrorGrams, 'g'),
    grams(row.sciGrams),
    percent(row.cov, 0),
    joules(row.energyJoules),
    measuredJoules > 0 ? shareCell(row.energyJoules / measuredJoules) : '-',
  ]);
  return htmlTable(
    'Energies and grams are means of one invocation; the last two columns are of all of them',
    COLUMNS,
    cells,
  );
}
