import type { Account, FootprintKind, MarginalEnergy } from '../../footprint/index.js';
import {
  type AccountRow,
  type AccountSort,
  accountRows,
  accountSums,
  controlPlaneUnknown,
  findingText,
  remarks,
} from '../account-rows.js';
import { totalCounts } from '../total-counts.js';
import { accountHead } from './account-head.js';
import { distinctNames } from './distinct-names.js';
import { grams, joules, percent, seconds } from './figures.js';
import { marginalText } from './marginal.js';
import { cellWidth, printable } from './printable.js';
import { type Cell, table } from './table.js';
import { validationText } from './validation.js';
import { withError } from './with-error.js';
import { wrap } from './wrap.js';

export interface AccountTextOptions {
  readonly sort?: AccountSort;
  /** Functions that are listed at most. */
  readonly top?: number;
  readonly width?: number;
  /** What a second trace says of the functions that it leaves out. */
  readonly pair?: MarginalEnergy;
  /** What the account's totals count; everything when not given. */
  readonly kind?: FootprintKind;
}

const DEFAULT_WIDTH = 100;
const DEFAULT_TOP = 30;
const LEAST_NAME_WIDTH = 10;
const NAMED_AT_MOST = 5;

/** A table whose first column are names, which get what room the figures leave. */
function namedTable(
  header: readonly string[],
  names: readonly string[],
  rows: readonly Cell[][],
  width: number,
): string {
  const bare = table(
    header,
    rows.map((row) => ['', ...row]),
  );
  const taken = Math.max(...bare.split('\n').map(cellWidth)) - cellWidth(header[0] ?? '');
  const shown = distinctNames(names, Math.max(LEAST_NAME_WIDTH, width - taken));
  return table(
    header,
    rows.map((row, index) => [shown[index], ...row]),
  );
}

const energyCells = (row: AccountRow, hasControlPlane: boolean): Cell[] => [
  withError(row.individualJoules, row.individualErrorJoules, 'J'),
  joules(row.floorJoules),
  hasControlPlane ? joules(row.controlPlaneJoules) : '-',
  joules(row.idleJoules),
  joules(row.totalJoules),
  withError(row.marginalJoules, row.marginalErrorJoules, 'J'),
];

const ENERGY_HEADER = ['PER INVOCATION', 'INDIVIDUAL', 'FLOOR', 'CONTROL', 'IDLE', 'TOTAL', 'MARGINAL'];

function workCells(row: AccountRow, measuredJoules: number): Cell[] {
  return [
    String(row.invocations),
    seconds(row.meanLatencySeconds),
    withError(row.powerWatts, row.powerErrorWatts, 'W'),
    withError(row.carbonGrams, row.carbonErrorGrams, 'g'),
    grams(row.sciGrams),
    joules(row.energyJoules),
    measuredJoules > 0 ? percent(row.energyJoules / measuredJoules, 1) : '-',
  ];
}

const WORK_HEADER = ['FUNCTION', 'INVOCATIONS', 'LATENCY', 'POWER', 'CO2E', 'SCI', 'ALL OF THEM', 'SHARE'];

function named(names: readonly string[]): string {
  const some = names.slice(0, NAMED_AT_MOST).map(printable).join(', ');
  return names.length > NAMED_AT_MOST ? `${some} and ${names.length - NAMED_AT_MOST} others` : some;
}

/** What can't be told, and what the reader should know. */
function notes(account: Account, width: number): string[] {
  const groups = account.groups.map(
    ({ functions, individualJoules, errorJoules, reason }) =>
      `can't be told apart: ${named(functions)}: together ${withError(individualJoules, errorJoules, 'J')} (${printable(reason)})`,
  );
  const why = [...remarks(account)].map(([remark, names]) => `${named(names)}: ${printable(remark)}`);
  const reason = controlPlaneUnknown(account);
  const unknown = reason === undefined ? [] : [`control plane: ${printable(reason)}`];
  const found = account.findings.map((finding) => printable(findingText(finding)));
  return [...groups, ...why, ...unknown, ...found].map((note) => `- ${wrap(note, width, '  ')}`);
}

/** What `wattloop attribute` prints for people: at most `width` cells wide. */
export function accountText(account: Account, options: AccountTextOptions = {}): string {
  const { sort = 'energy', top = DEFAULT_TOP, width = DEFAULT_WIDTH, pair, kind } = options;
  const all = accountRows(account, sort);
  const rows = all.slice(0, top);
  const names = rows.map(({ name }) => name);
  const { measuredJoules } = account.shares;
  const hasControlPlane = controlPlaneUnknown(account) === undefined;
  const blocks = [accountHead(account, accountSums(account), width)];
  if (rows.length > 0)
    blocks.push(
      namedTable(
        ENERGY_HEADER,
        names,
        rows.map((row) => energyCells(row, hasControlPlane)),
        width,
      ),
      namedTable(
        WORK_HEADER,
        names,
        rows.map((row) => workCells(row, measuredJoules)),
        width,
      ),
    );
  const counted = totalCounts(kind);
  if (counted !== undefined) blocks.push(wrap(counted, width, ''));
  if (all.length > rows.length)
    blocks.push(`${all.length - rows.length} more functions (--top ${all.length} lists all)`);
  if (account.validation !== undefined) blocks.push(validationText(account.validation, width));
  if (pair !== undefined) blocks.push(marginalText(pair, width));
  const last = notes(account, width);
  if (last.length > 0) blocks.push(last.join('\n'));
  return `${blocks.join('\n\n')}\n`;
}
