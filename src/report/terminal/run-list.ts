import type { RunRecord, RunState } from '../../model/index.js';
import { grams, joules, seconds } from './figures.js';
import { moment } from './moment.js';
import { dollars } from './money.js';
import { printable } from './printable.js';
import { type Cell, table } from './table.js';

/** A run as a list of runs shows it. */
export interface ListedRun {
  readonly run: RunRecord;
  readonly state: RunState;
  /** Known also while it has no totals. */
  readonly invocations: number;
}

const HEADER = ['RUN', 'WORKFLOW', 'STATUS', 'STARTED', 'TOOK', 'INVOCATIONS', 'ENERGY', 'CO2E', 'COST'];

const row = ({ run, state, invocations }: ListedRun): Cell[] => [
  printable(run.id),
  printable(run.workflow),
  state,
  moment(run.startedAt),
  seconds(run.endedAt === undefined ? undefined : run.endedAt - run.startedAt),
  invocations,
  joules(run.totals?.joules),
  grams(run.totals?.carbonGrams),
  dollars(run.totals?.costUsd),
];

export const runListText = (runs: readonly ListedRun[]): string => `${table(HEADER, runs.map(row))}\n`;
