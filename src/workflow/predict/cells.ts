import { median, robustMean } from '../../maths/index.js';
import type { StageSample } from '../../model/index.js';
import { configurationKey, type StagePoint } from './prediction-input.js';

/** Samples of one stage that should all be the same: repetitions of a configuration on as much work, with cold starts or without. */
export interface Cell {
  readonly point: StagePoint;
  /** Cells of one configuration have the same number. */
  readonly group: number;
  readonly samples: readonly StageSample[];
}

const coldShare = ({ coldStarts = 0, invocations }: StageSample): number =>
  Math.min(1, coldStarts / invocations);
const isCounted = (samples: readonly StageSample[]): boolean =>
  samples.every(({ work }) => work !== undefined && work > 0);

export function cellsOf(samples: readonly StageSample[]): Cell[] {
  const counted = isCounted(samples);
  const groups = new Map<string, number>();
  const cells = new Map<string, StageSample[]>();
  for (const sample of samples) {
    const configuration = configurationKey(sample.configuration);
    if (!groups.has(configuration)) groups.set(configuration, groups.size);
    // Counts of rows or frames may differ a little from run to run.
    const work = counted ? Number((sample.work ?? 1).toPrecision(2)) : 1;
    const key = `${configuration} ${work} ${coldShare(sample) > 0 ? 'cold' : 'warm'}`;
    const cell = cells.get(key);
    if (cell) cell.push(sample);
    else cells.set(key, [sample]);
  }
  return [...cells.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { cpu, memoryMib, workers } = first.configuration;
    const work = counted ? mean(own.map((sample) => sample.work ?? 1)) : 1;
    const point = { cpu, memoryMib, workers, work, coldShare: mean(own.map(coldShare)) };
    return [{ point, group: groups.get(configurationKey(first.configuration)) ?? 0, samples: own }];
  });
}

/** What is asked for where nobody says how much work: the usual. */
export const usualWork = (samples: readonly StageSample[]): number =>
  isCounted(samples) ? median(samples.map(({ work }) => work ?? 1)) : 1;

/** The same for cold starts. */
export const usualColdShare = (samples: readonly StageSample[]): number => median(samples.map(coldShare));

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A quantity in a cell. */
export interface CellFigure {
  readonly count: number;
  /** Of the logarithms, wild ones counting less. */
  readonly centre: number;
  readonly mean: number;
  readonly logarithms: readonly number[];
}

/** Absent where the quantity is not above 0, or not known. */
export function cellFigure(
  cell: Cell,
  of: (sample: StageSample) => number | undefined,
): CellFigure | undefined {
  const values = cell.samples.flatMap((sample) => {
    const value = of(sample);
    return value !== undefined && value > 0 && Number.isFinite(value) ? [value] : [];
  });
  if (values.length === 0) return undefined;
  const logarithms = values.map(Math.log);
  const centre = logarithms.length > 2 ? robustMean(logarithms).value : mean(logarithms);
  return { count: values.length, centre, mean: mean(values), logarithms };
}
