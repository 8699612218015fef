import { type Random, seededRandom } from '../../../maths/index.js';
import type { Rows } from '../../rows/rows.js';
import type { TickEnergies } from '../tick-energies.js';

export interface RandomShape {
  readonly seed: number;
  readonly functions: number;
  readonly ticks: number;
  /** Names of columns after the functions'. */
  readonly principals?: readonly string[];
  /** The chance that a column has an entry in a tick. */
  readonly density?: number;
}

/** Rows as a busy or an idle trace has them: some entries without time, some ticks and functions without any entry. */
export function randomRows({ seed, functions, ticks, principals = [], density = 0.4 }: RandomShape): Rows {
  const random = seededRandom(seed);
  const columns = [...Array.from({ length: functions }, (_, i) => `f${i}`), ...principals];
  const rowStart = new Uint32Array(ticks + 1);
  const [column, seconds, activations]: [number[], number[], number[]] = [[], [], []];
  for (let tick = 0; tick < ticks; tick++) {
    const quiet = random.uniform() < 0.2;
    for (let who = 0; !quiet && who < columns.length; who++) {
      if (random.uniform() >= density) continue;
      column.push(who);
      seconds.push(secondsOf(random));
      activations.push(random.below(4));
    }
    rowStart[tick + 1] = column.length;
  }
  return {
    start: 0,
    tickSeconds: 1,
    count: ticks,
    columns,
    functionCount: functions,
    rowStart,
    column: Uint32Array.from(column),
    seconds: Float64Array.from(seconds),
    activations: Uint32Array.from(activations),
  };
}

function secondsOf(random: Random): number {
  const kind = random.below(4);
  if (kind === 0) return 0;
  return kind === 1 ? 1 : random.exponential() * 0.8;
}

/** Energies over six orders of magnitude. */
export function randomEnergies(rows: Rows, seed: number): TickEnergies {
  const random = seededRandom(seed).fork('energies');
  const some = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () =>
      random.uniform() < 0.1 ? 0 : 10 ** (6 * random.uniform() - 3),
    );
  return {
    rows,
    workJoules: some(rows.column.length),
    floorJoules: some(rows.count),
    controlPlaneJoules: some(rows.count),
    idleJoules: some(rows.count),
    embodiedGrams: some(rows.count),
  };
}

/** Measurements with gaps, some below and some above what the parts say. */
export function randomMeasurements(count: number, seed: number): Float64Array {
  const random = seededRandom(seed).fork('measured');
  return Float64Array.from({ length: count }, () =>
    random.uniform() < 0.15 ? Number.NaN : 10 ** (6 * random.uniform() - 2),
  );
}
