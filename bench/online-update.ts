// What one update of the online account costs: a window of 60 ticks, by the number of functions and how many run at a time.
// The peer is what one would write without a filter: the non-negative least squares of everything seen so far, from scratch.
import { OnlineDisaggregator, type OnlineMode, type OnlineWindow, type Rows } from 'wattloop/footprint';
import { multiply, nnls, normalEquations, type Random, type SparseRows, seededRandom } from 'wattloop/maths';
import { publish, type Row } from './support/outcome.js';

const WINDOWS = Number(process.argv[2] ?? 40);
const WARM_UP = 10;
const TICKS = 60;
const NOISE_WATTS = 10;
const MODES: readonly OnlineMode[] = ['bayes', 'published', 'memoryless'];
/** Functions known, and how many invocations run at a time. */
const SIZES = [
  { functions: 20, running: 10 },
  { functions: 100, running: 20 },
  { functions: 1000, running: 10 },
  { functions: 1000, running: 50 },
  { functions: 1000, running: 200 },
];

interface Size {
  readonly functions: number;
  readonly running: number;
}

/** Windows in which few functions run often and many seldom, as on real platforms. */
function windowsOf({ functions, running }: Size): { windows: OnlineWindow[]; truth: Float64Array } {
  const random = seededRandom(1);
  const weights = Float64Array.from({ length: functions }, () => random.exponential() ** 2 + 0.02);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const truth = Float64Array.from({ length: functions }, () => 3 + 12 * random.uniform());
  const columns = Array.from({ length: functions }, (_, i) => `function-${i}`);
  const chances = weights.map((weight) => Math.min(0.95, (1.5 * running * weight) / total));
  const windows = Array.from({ length: WINDOWS }, (_, index) => {
    const rows = rowsOf(random, columns, chances, index * TICKS);
    const exact = multiply(designOf(rows), truth);
    return { rows, watts: exact.map((watts) => watts + NOISE_WATTS * random.normal()) };
  });
  return { windows, truth };
}

function rowsOf(random: Random, columns: readonly string[], chances: Float64Array, start: number): Rows {
  const [rowStart, column, seconds] = [[0], [] as number[], [] as number[]];
  for (let tick = 0; tick < TICKS; tick++) {
    for (const [c, chance] of chances.entries()) {
      if (random.uniform() >= chance) continue;
      column.push(c);
      seconds.push(0.1 + 1.1 * random.uniform());
    }
    rowStart.push(column.length);
  }
  return {
    start,
    tickSeconds: 1,
    count: TICKS,
    columns,
    functionCount: columns.length,
    rowStart: Uint32Array.from(rowStart),
    column: Uint32Array.from(column),
    seconds: Float64Array.from(seconds),
    activations: Uint32Array.from(column, () => 1),
  };
}

const designOf = ({ count, columns, rowStart, column, seconds }: Rows): SparseRows => ({
  count,
  width: columns.length,
  rowStart,
  column,
  value: seconds,
});

/** All windows as one matrix. */
function joined(windows: readonly OnlineWindow[]): { rows: SparseRows; watts: number[] } {
  const [rowStart, column, value, watts] = [[0], [] as number[], [] as number[], [] as number[]];
  for (const window of windows) {
    for (let tick = 0; tick < TICKS; tick++) {
      for (let p = window.rows.rowStart[tick] ?? 0; p < (window.rows.rowStart[tick + 1] ?? 0); p++) {
        column.push(window.rows.column[p] ?? 0);
        value.push(window.rows.seconds[p] ?? 0);
      }
      rowStart.push(column.length);
      watts.push(window.watts[tick] ?? 0);
    }
  }
  const rows = {
    count: watts.length,
    width: windows[0]?.rows.columns.length ?? 0,
    rowStart: Uint32Array.from(rowStart),
    column: Uint32Array.from(column),
    value: Float64Array.from(value),
  };
  return { rows, watts };
}

/** Milliseconds of processor time as well as by the clock: other work on the machine counts in the latter. */
function timed<T>(work: () => T): { result: T; wall: number; cpu: number } {
  const [begin, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall: Number(process.hrtime.bigint() - begin) / 1e6, cpu: (user + system) / 1e3 };
}

const at = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0;

/** Mean error of the functions' powers, as a part of them, weighted by how much they run. */
function errorOf(
  watts: ArrayLike<number>,
  names: readonly string[],
  truth: Float64Array,
  windows: readonly OnlineWindow[],
): number {
  const busy = new Float64Array(truth.length);
  for (const { rows } of windows)
    for (const [p, c] of rows.column.entries()) busy[c] = (busy[c] ?? 0) + (rows.seconds[p] ?? 0);
  let [wrong, total] = [0, 0];
  for (const [slot, name] of names.entries()) {
    const i = Number(name.slice('function-'.length));
    wrong += (busy[i] ?? 0) * Math.abs((watts[slot] ?? 0) - (truth[i] ?? 0));
    total += (busy[i] ?? 0) * (truth[i] ?? 0);
  }
  return wrong / total;
}

const label = ({ functions, running }: Size): string => `${functions}, ${running} running`;

function rowOf(
  size: Size,
  method: string,
  wall: readonly number[],
  cpu: readonly number[],
  error: number,
): Row {
  return {
    functions: label(size),
    method,
    'median ms': at(wall, 0.5).toFixed(2),
    'p95 ms': at(wall, 0.95).toFixed(2),
    'median CPU ms': at(cpu, 0.5).toFixed(2),
    'energy misplaced': `${(100 * error).toFixed(1)} %`,
  };
}

function online(size: Size, mode: OnlineMode, windows: readonly OnlineWindow[], truth: Float64Array): Row {
  const disaggregator = new OnlineDisaggregator({ mode });
  const runs = windows.map((window) => timed(() => disaggregator.update(window)));
  const last = runs.at(-1)?.result;
  const counted = runs.slice(WARM_UP);
  return rowOf(
    size,
    mode,
    counted.map(({ wall }) => wall),
    counted.map(({ cpu }) => cpu),
    errorOf(last?.watts ?? [], last?.functions ?? [], truth, windows),
  );
}

function fromScratch(size: Size, windows: readonly OnlineWindow[], truth: Float64Array): Row {
  const { rows, watts } = joined(windows);
  const runs = Array.from({ length: 3 }, () => timed(() => nnls(normalEquations(rows, watts)).x));
  return rowOf(
    size,
    `least squares of all ${WINDOWS} windows, from scratch`,
    runs.map(({ wall }) => wall),
    runs.map(({ cpu }) => cpu),
    errorOf(runs[0]?.result ?? [], windows[0]?.rows.columns ?? [], truth, windows),
  );
}

export function main(): void {
  const rows = SIZES.flatMap((size) => {
    const { windows, truth } = windowsOf(size);
    return [...MODES.map((mode) => online(size, mode, windows, truth)), fromScratch(size, windows, truth)];
  });
  publish(
    'online-update',
    `one update with a window of ${TICKS} ticks; powers of the functions that don't change`,
    rows,
  );
}

main();
