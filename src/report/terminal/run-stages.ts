import type { Configuration, RunFigures, RunTotals, StageSummary } from '../../model/index.js';
import { grams, joules, mebibytes, seconds } from './figures.js';
import { dollars } from './money.js';
import { printable } from './printable.js';
import { type Cell, table } from './table.js';

export interface RunStages {
  readonly stages: readonly StageSummary[];
  readonly totals?: RunTotals;
}

interface Shown {
  readonly name: string;
  readonly configuration?: Configuration;
  readonly figures: RunFigures;
}

interface Column {
  readonly title: string;
  readonly cell: (shown: Shown) => Cell;
  /** Left out when nothing in it would be told. */
  readonly isShown?: (all: readonly Shown[]) => boolean;
}

const some =
  (tells: (figures: RunFigures) => unknown) =>
  (all: readonly Shown[]): boolean =>
    all.some(({ figures }) => Boolean(tells(figures)));

const configurationText = (configuration: Configuration | undefined): string =>
  configuration === undefined
    ? ''
    : `${configuration.workers} x ${configuration.cpu} CPU, ${mebibytes(configuration.memoryMib)}`;

const COLUMNS: readonly Column[] = [
  { title: 'STAGE', cell: ({ name }) => name },
  { title: 'WORKERS', cell: ({ configuration }) => configurationText(configuration) },
  { title: 'INVOCATIONS', cell: ({ figures }) => figures.invocations },
  { title: 'FAILED', cell: ({ figures }) => figures.failed, isShown: some(({ failed }) => failed) },
  { title: 'RETRIES', cell: ({ figures }) => figures.retries, isShown: some(({ retries }) => retries) },
  { title: 'COLD', cell: ({ figures }) => figures.coldStarts },
  { title: 'TIME', cell: ({ figures }) => seconds(figures.wallSeconds) },
  { title: 'CPU TIME', cell: ({ figures }) => seconds(figures.cpuSeconds) },
  { title: 'READ', cell: ({ figures }) => seconds(figures.readSeconds) },
  { title: 'COMPUTE', cell: ({ figures }) => seconds(figures.computeSeconds) },
  { title: 'WRITE', cell: ({ figures }) => seconds(figures.writeSeconds) },
  { title: 'ENERGY', cell: ({ figures }) => joules(figures.joules) },
  { title: 'CO2E', cell: ({ figures }) => grams(figures.carbonGrams) },
  { title: 'COST', cell: ({ figures }) => dollars(figures.costUsd) },
];

/** How the energies of the table were got; a table without energies says so. */
function origin(all: readonly Shown[]): string {
  const origins = new Set(
    all.flatMap(({ figures: { joules: energy, source, provenance } }) =>
      energy === undefined || source === undefined
        ? []
        : [`${source} (${provenance ?? 'provenance unknown'})`],
    ),
  );
  return origins.size === 0
    ? 'Energy: unknown, no source told it ("wattloop doctor" says why)'
    : `Energy by ${[...origins].join(', ')}`;
}

/** What the stages of a run took, as a table with their sum below, and how the energies were got. */
export function runStagesText({ stages, totals }: RunStages): string {
  const rows: Shown[] = stages.map((stage) => ({
    name: printable(stage.name),
    configuration: stage.configuration,
    figures: stage,
  }));
  if (totals !== undefined) rows.push({ name: 'all', figures: totals });
  if (rows.length === 0) return 'No stage has begun.';
  const columns = COLUMNS.filter(({ isShown }) => isShown?.(rows) ?? true);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const text = table(
    columns.map(({ title }) => title),
    cells,
  );
  return `${text}\n\n${origin(rows)}`;
}
