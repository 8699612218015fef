import type { AccountRow } from '../account-rows.js';
import { type Markup, markup } from '../markup.js';
import { grams, joules, percent, seconds } from '../terminal/figures.js';
import { withError } from '../terminal/with-error.js';
import { type Column, htmlTable } from './html-table.js';

const ENERGY_COLUMNS: readonly Column[] = [
  { title: 'function' },
  { title: 'individual', hint: 'its own work and its share of the load floor, ± one standard error' },
  { title: 'of it floor', hint: 'the part of individual that is a share of the load floor' },
  { title: 'control plane', hint: 'its share of what the platform itself drew' },
  { title: 'idle', hint: 'its share of what the machine draws anyway' },
  { title: 'total', hint: 'individual, control plane and idle' },
  { title: 'marginal', hint: 'what the machine would have drawn less without it, ± one standard error' },
  { title: 'CO2e', hint: 'operational and embodied, ± one standard error of the operational part' },
  { title: 'SCI', hint: 'Software Carbon Intensity with the invocation as unit' },
];

const WORK_COLUMNS: readonly Column[] = [
  { title: 'function' },
  { title: 'invocations' },
  { title: 'mean latency' },
  {
    title: 'power',
    hint: 'what it adds to the machine’s power while one invocation runs, ± one standard error',
  },
  { title: 'variation', hint: 'coefficient of variation of the energy of its invocations' },
  { title: 'all invocations', hint: 'their total energy over the trace' },
  { title: 'share', kind: 'text', hint: 'of the measured energy' },
];

const SHARE_WIDTH = 120;

function shareCell(part: number): Markup {
  const width = Math.max(0, Math.min(1, part)) * SHARE_WIDTH;
  return markup`<svg class="swatch" width="${SHARE_WIDTH}" height="10" viewBox="0 0 ${SHARE_WIDTH} 10" aria-hidden="true"><rect class="track" width="${SHARE_WIDTH}" height="10" rx="2"/><rect class="work" width="${width.toFixed(1)}" height="10" rx="2"/></svg> ${percent(part, 1)}`;
}

const nameCell = ({ name, remark }: AccountRow): Markup =>
  markup`${name === '' ? '(no name)' : name}${remark === undefined ? undefined : markup`<span class="remark">${remark}</span>`}`;

/** What one invocation of each function takes, in joules and grams. */
export function energyTable(rows: readonly AccountRow[], hasControlPlane: boolean): Markup {
  const cells = rows.map((row) => [
    nameCell(row),
    withError(row.individualJoules, row.individualErrorJoules, 'J'),
    joules(row.floorJoules),
    hasControlPlane ? joules(row.controlPlaneJoules) : '-',
    joules(row.idleJoules),
    joules(row.totalJoules),
    withError(row.marginalJoules, row.marginalErrorJoules, 'J'),
    withError(row.carbonGrams, row.carbonErrorGrams, 'g'),
    grams(row.sciGrams),
  ]);
  return htmlTable('Energy and carbon of one invocation', ENERGY_COLUMNS, cells);
}

/** How often and how long each function ran, and what all of that came to. */
export function workTable(rows: readonly AccountRow[], measuredJoules: number): Markup {
  const cells = rows.map((row) => [
    row.name === '' ? '(no name)' : row.name,
    row.invocations,
    seconds(row.meanLatencySeconds),
    withError(row.powerWatts, row.powerErrorWatts, 'W'),
    percent(row.cov, 0),
    joules(row.energyJoules),
    measuredJoules > 0 ? shareCell(row.energyJoules / measuredJoules) : '-',
  ]);
  return htmlTable('All invocations together', WORK_COLUMNS, cells);
}
