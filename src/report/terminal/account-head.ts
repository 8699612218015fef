import type { Account } from '../../footprint/index.js';
import { type AccountSums, controlPlaneUnknown } from '../account-rows.js';
import { grams, joules, percent, seconds, watts } from './figures.js';
import { printable } from './printable.js';
import { withError } from './with-error.js';
import { wrap } from './wrap.js';

const LABEL = 14;

/** How the lag is told: which of the two comes late. */
export function lagText(lagSeconds: number, errorSeconds: number | undefined): string {
  const size = withError(Math.abs(lagSeconds), errorSeconds, 's');
  if (lagSeconds === 0) return 'none between power and work';
  return `power is logged ${size} ${lagSeconds > 0 ? 'late' : 'early'} against the work; this is undone`;
}

function wentTo(account: Account, sums: AccountSums): string {
  const { measuredJoules, individualJoules, controlPlaneJoules, idleJoules, unattributedJoules } =
    account.shares;
  const part = (name: string, energy: number): string =>
    `${name} ${joules(energy)}${measuredJoules > 0 ? ` (${percent(energy / measuredJoules, 1)})` : ''}`;
  return [
    `${part('individual', individualJoules)} of which floor ${joules(sums.floorJoules)}`,
    controlPlaneUnknown(account) === undefined
      ? part('control plane', controlPlaneJoules)
      : 'control plane not told apart',
    part('idle', idleJoules),
    part('unattributed', unattributedJoules),
  ].join(', ');
}

/** Why a figure of the whole account is absent, as its provenance says. */
const absence = ({ provenance }: Account, figure: string): string => {
  const reason = provenance[figure]?.reason;
  return reason === undefined ? 'not known' : `not known: ${printable(reason)}`;
};

const how = ({ provenance }: Account, figure: string): string => {
  const known = provenance[figure];
  return known === undefined ? '' : `, ${known.provenance}: ${printable(known.method)}`;
};

/** The figures of the whole trace, one a line. */
export function accountHead(account: Account, sums: AccountSums, width: number): string {
  const { functions, windowSeconds, shares, lagSeconds, lagErrorSeconds, idleWatts, idleErrorWatts, r2 } =
    account;
  const line = (label: string, text: string): string =>
    label.padEnd(LABEL) + wrap(text, width, ' '.repeat(LABEL));
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return [
    line(
      'Trace',
      `${count(functions.length, 'function')}, ${count(sums.invocations, 'invocation')} in ${seconds(windowSeconds)}`,
    ),
    line('Measured', `${joules(shares.measuredJoules)}, ${watts(sums.meanWatts)} on average`),
    line('Went to', wentTo(account, sums)),
    line('Carbon', `${grams(sums.carbonGrams)} CO2e${how(account, 'carbon_g')}`),
    line(
      'Idle power',
      idleWatts === undefined
        ? absence(account, 'idle_w')
        : `${withError(idleWatts, idleErrorWatts, 'W')}${how(account, 'idle_w')}`,
    ),
    line('Lag', lagSeconds === undefined ? absence(account, 'lag_s') : lagText(lagSeconds, lagErrorSeconds)),
    line('R²', r2 === undefined ? absence(account, 'r2') : `${r2.toFixed(3)} of predicted system power`),
  ].join('\n');
}
