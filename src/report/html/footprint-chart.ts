import { contentsOf, FootprintKind } from '../../footprint/index.js';
import type { AccountRow } from '../account-rows.js';
import { type Markup, markup } from '../markup.js';
import { horizontalAxis } from '../svg/axes.js';
import { type BarPart, stackedBar, whisker } from '../svg/bars.js';
import { coordinate } from '../svg/coordinate.js';
import { legend } from '../svg/legend.js';
import { picture } from '../svg/picture.js';
import { amountScale, type Scale } from '../svg/scale.js';
import { distinctNames } from '../terminal/distinct-names.js';
import { joules, quantity } from '../terminal/figures.js';
import { withError } from '../terminal/with-error.js';
import { figure, htmlTable } from './html-table.js';

const WIDTH = 1080;
const NAMES = 220;
const VALUES = 84;
const TOP = 10;
const ROW = 44;
const BAR = 17;
const NAME_CELLS = 24;
/** A marginal energy whose error goes far beyond all bars doesn't decide on their scale. */
const REACH = 1.3;

/** Parts of the kind of footprint, from the left. */
function parts(row: AccountRow, kind: FootprintKind): BarPart[] {
  const { floor, controlPlane, idle } = contentsOf(kind);
  const of = (isPart: boolean, value: number, look: string, name: string): BarPart[] =>
    isPart ? [{ value, look, title: `${row.name}: ${name} ${joules(value)}` }] : [];
  return [
    ...of(true, row.individualJoules - row.floorJoules, 'work', 'its own work'),
    ...of(floor, row.floorJoules, 'floor', 'share of the load floor'),
    ...of(controlPlane, row.controlPlaneJoules, 'control', 'share of the control plane'),
    ...of(idle, row.idleJoules, 'idle', 'share of idle'),
  ];
}

function scaleOf(rows: readonly AccountRow[]): Scale {
  let most = 0;
  let reach = 0;
  for (const { totalJoules, marginalJoules = 0, marginalErrorJoules = 0 } of rows) {
    most = Math.max(most, totalJoules, marginalJoules);
    reach = Math.max(reach, marginalJoules + marginalErrorJoules);
  }
  return amountScale(Math.min(reach, most * REACH) > most ? Math.min(reach, most * REACH) : most, {
    start: NAMES,
    end: WIDTH - VALUES,
  });
}

function bar(row: AccountRow, label: string, scale: Scale, top: number, kind: FootprintKind): Markup {
  const { marginalJoules, marginalErrorJoules = 0 } = row;
  const middle = top + 5 + BAR / 2;
  return markup`<text x="${NAMES - 10}" y="${coordinate(middle)}" dy="0.32em" text-anchor="end"><title>${row.name}</title>${label}</text>
${stackedBar(parts(row, kind), scale, top + 5, BAR)}
<text class="tick" x="${coordinate(scale.at(Math.max(0, row.totalJoules)) + 8)}" y="${coordinate(middle)}" dy="0.32em">${joules(row.totalJoules)}</text>
${
  marginalJoules === undefined
    ? undefined
    : whisker(
        {
          value: marginalJoules,
          error: marginalErrorJoules,
          title: `${row.name}: marginal ${withError(marginalJoules, row.marginalErrorJoules, 'J')}`,
        },
        scale,
        top + 5 + BAR + 9,
      )
}`;
}

const COLUMNS = ['function', 'own work', 'floor', 'control plane', 'idle', 'total', 'marginal ± error'];

/** What one invocation of each function takes, as stacked bars, the marginal energy with its error beneath each. */
export function footprintChart(
  rows: readonly AccountRow[],
  kind: FootprintKind = FootprintKind.shapley,
): Markup {
  if (rows.length === 0) return markup`<p class="note">No function ran.</p>`;
  const scale = scaleOf(rows);
  const bottom = TOP + rows.length * ROW;
  const labels = distinctNames(
    rows.map(({ name }) => name),
    NAME_CELLS,
  );
  const drawn = picture(
    {
      id: 'footprints',
      width: WIDTH,
      height: bottom + 44,
      title: 'Energy of one invocation, by function',
      description:
        'Stacked bars of own work, share of the load floor, of the control plane and of idle; under each bar the marginal energy as a dot with one standard error.',
    },
    [
      horizontalAxis(
        { scale, label: 'energy of one invocation', write: (value) => quantity(value, 'J') },
        TOP,
        bottom,
        true,
      ),
      rows.map((row, index) => bar(row, labels[index] ?? '', scale, TOP + index * ROW, kind)),
    ],
  );
  const entries = legend([
    { label: 'own work', look: 'work', kind: 'area' },
    { label: 'share of the load floor', look: 'floor', kind: 'area' },
    { label: 'share of the control plane', look: 'control', kind: 'area' },
    { label: 'share of idle', look: 'idle', kind: 'area' },
    { label: 'marginal energy ± one standard error', look: 'whisker', kind: 'whisker' },
  ]);
  const figures = rows.map((row) => [
    row.name,
    joules(row.individualJoules - row.floorJoules),
    joules(row.floorJoules),
    joules(row.controlPlaneJoules),
    joules(row.idleJoules),
    joules(row.totalJoules),
    withError(row.marginalJoules, row.marginalErrorJoules, 'J'),
  ]);
  return figure(
    drawn,
    entries,
    'Energy of one invocation, by function',
    htmlTable(
      'Energy of one invocation',
      COLUMNS.map((title) => ({ title })),
      figures,
    ),
  );
}
