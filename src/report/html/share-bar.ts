import type { Account } from '../../footprint/index.js';
import { type AccountSums, controlPlaneUnknown } from '../account-rows.js';
import { type Markup, markup } from '../markup.js';
import { type BarPart, stackedBar } from '../svg/bars.js';
import { picture } from '../svg/picture.js';
import { wholeScale } from '../svg/scale.js';
import { joules, percent } from '../terminal/figures.js';
import { htmlTable } from './html-table.js';

const WIDTH = 1080;
const HEIGHT = 34;

interface Share {
  readonly name: string;
  readonly look: string;
  readonly value: number;
  readonly meaning: string;
}

function sharesOf(account: Account, { floorJoules }: AccountSums): Share[] {
  const { shares } = account;
  const unknown = controlPlaneUnknown(account);
  return [
    {
      name: 'own work of functions',
      look: 'work',
      value: shares.individualJoules - floorJoules,
      meaning: 'what the functions drew by their own work',
    },
    {
      name: 'load floor',
      look: 'floor',
      value: floorJoules,
      meaning: 'what the machine draws at once when any function runs, shared among those that ran',
    },
    {
      name: 'control plane',
      look: 'control',
      value: shares.controlPlaneJoules,
      meaning: unknown ?? 'the platform itself, shared by invocations',
    },
    {
      name: 'idle',
      look: 'idle',
      value: shares.idleJoules,
      meaning: 'what the machine draws anyway, shared evenly among the functions active',
    },
    {
      name: 'unattributed',
      look: 'unattributed',
      value: shares.unattributedJoules,
      meaning: 'measured, and nobody’s by this account',
    },
  ];
}

/** Where the measured energy went, as one bar and as a table whose parts make up the whole. */
export function shareBar(account: Account, sums: AccountSums): Markup {
  const { measuredJoules } = account.shares;
  const shares = sharesOf(account, sums);
  const drawn = shares.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const parts = shares.map(
    ({ name, look, value }): BarPart => ({ value, look, title: `${name} ${joules(value)}` }),
  );
  const scale = wholeScale(drawn, { start: 0, end: WIDTH });
  const part = (value: number): string => (measuredJoules > 0 ? percent(value / measuredJoules, 1) : '-');
  const rows = shares.map(({ name, look, value, meaning }) => [
    markup`<svg class="swatch" viewBox="0 0 14 14" width="12" height="12" aria-hidden="true"><rect class="${look}" width="14" height="14" rx="2"/></svg> ${name}`,
    joules(value),
    part(value),
    meaning,
  ]);
  const sum = ['measured', joules(measuredJoules), part(measuredJoules), 'the sum of the parts above'];
  return markup`${picture(
    {
      id: 'shares',
      width: WIDTH,
      height: HEIGHT,
      title: 'Where the energy went',
      description: shares.map(({ name, value }) => `${name} ${part(value)}`).join(', '),
    },
    stackedBar(parts, scale, 0, HEIGHT),
  )}
${htmlTable('The parts make up what was measured', [{ title: 'part' }, { title: 'energy' }, { title: 'share' }, { title: 'what it is', kind: 'long' }], [...rows, sum])}`;
}
