import type { Configuration, RunFigures, RunTotals, StageSummary } from '../../model/index.js';
import { grams, joules, mebibytes, seconds } from './figures.js';
import { dollars } from './money.js';
import { cellWidth, printable } from './printable.js';
import { type Cell, table } from './table.js';
import { wrap } from './wrap.js';

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
  /** In which turn it is left out where the table is wider than the terminal; never, when not given. */
  readonly spared?: number;
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
  { title: 'WORKERS', cell: ({ configuration }) => configurationText(configuration), spared: 6 },
  { title: 'INVOCATIONS', cell: ({ figures }) => figures.invocations, spared: 4 },
  { title: 'FAILED', cell: ({ figures }) => figures.failed, isShown: some(({ failed }) => failed) },
  { title: 'RETRIES', cell: ({ figures }) => figures.retries, isShown: some(({ retries }) => retries) },
  { title: 'COLD', cell: ({ figures }) => figures.coldStarts, spared: 3 },
  { title: 'TIME', cell: ({ figures }) => seconds(figures.wallSeconds) },
  { title: 'CPU TIME', cell: ({ figures }) => seconds(figures.cpuSeconds), spared: 5 },
  { title: 'READ', cell: ({ figures }) => seconds(figures.readSeconds), spared: 1 },
  { title: 'COMPUTE', cell: ({ figures }) => seconds(figures.computeSeconds), spared: 2 },
  { title: 'WRITE', cell: ({ figures }) => seconds(figures.writeSeconds), spared: 1 },
  { title: 'ENERGY', cell: ({ figures }) => joules(figures.joules) },
  { title: 'CO2E', cell: ({ figures }) => grams(figures.carbonGrams), spared: 7 },
  { title: 'COST', cell: ({ figures }) => dollars(figures.costUsd), spared: 8 },
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
export function runStagesText({ stages, totals }: RunStages, width = Number.POSITIVE_INFINITY): string {
  const rows: Shown[] = stages.map((stage) => ({
    name: printable(stage.name),
    configuration: stage.configuration,
    figures: stage,
  }));
  if (totals !== undefined) rows.push({ name: 'all', figures: totals });
  if (rows.length === 0) return 'No stage has begun.';
  const columns = COLUMNS.filter(({ isShown }) => isShown?.(rows) ?? true);
  const { text, spared } = fittingTable(columns, rows, width);
  const note =
    spared.length === 0
      ? []
      : [wrap(`Left out, as there is no room: ${spared.join(', ')} (--json has all)`, width, '')];
  return [text, '', origin(rows), ...note].join('\n');
}

/** The table, without the columns that are missed least where all of them are wider than the terminal. */
function fittingTable(
  columns: readonly Column[],
  rows: readonly Shown[],
  width: number,
): { text: string; spared: readonly string[] } {
  const turns = [...new Set(columns.flatMap(({ spared }) => spared ?? []))].sort((a, b) => a - b);
  for (const last of [0, ...turns]) {
    const isKept = ({ spared = Number.POSITIVE_INFINITY }: Column): boolean => spared > last;
    const kept = columns.filter(isKept);
    const titles = kept.map(({ title }) => title);
    const text = table(
      titles,
      rows.map((row) => kept.map(({ cell }) => cell(row))),
    );
    const widest = Math.max(...text.split('\n').map(cellWidth));
    if (widest <= width || last === turns.at(-1)) {
      const spared = columns.filter((column) => !isKept(column));
      return { text, spared: spared.map(({ title }) => title) };
    }
  }
  return { text: '', spared: [] };
}
