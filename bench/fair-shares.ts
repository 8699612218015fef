// What fair shares cost for an hour of 1 s ticks with 1,000 functions, of which some 280 are there in each tick: about a
// million entries; and what sharing a concave power curve by Shapley values costs beside sharing it in proportion.
import {
  curveSharesByTick,
  FootprintKind,
  fairShares,
  type Rows,
  shareCourse,
  type TickEnergies,
} from 'wattloop/footprint';
import { seededRandom } from 'wattloop/maths';
import { publish, type Row } from './support/outcome.js';

const TICKS = 3600;
const FUNCTIONS = 1000;
const REPEATS = 5;

function traceRows(perTick: number): Rows {
  const random = seededRandom(1);
  const [column, seconds, activations]: [number[], number[], number[]] = [[], [], []];
  const rowStart = new Uint32Array(TICKS + 1);
  for (let tick = 0; tick < TICKS; tick++) {
    for (let who = 0; who < FUNCTIONS; who++) {
      if (random.uniform() * FUNCTIONS >= perTick) continue;
      column.push(who);
      seconds.push(random.exponential() / 4);
      activations.push(random.below(5));
    }
    rowStart[tick + 1] = column.length;
  }
  return {
    start: 0,
    tickSeconds: 1,
    count: TICKS,
    columns: Array.from({ length: FUNCTIONS }, (_, i) => `f${i}`),
    functionCount: FUNCTIONS,
    rowStart,
    column: Uint32Array.from(column),
    seconds: Float64Array.from(seconds),
    activations: Uint32Array.from(activations),
  };
}

/** The median of some repeats, in milliseconds, the first of which warms up. */
function milliseconds(work: () => unknown): number {
  work();
  const times = Array.from({ length: REPEATS }, () => {
    const begin = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - begin) / 1e6;
  });
  return times.sort((a, b) => a - b)[REPEATS >> 1] ?? Number.NaN;
}

function rowsFor(perTick: number): Row[] {
  const rows = traceRows(perTick);
  const energies: TickEnergies = {
    rows,
    workJoules: rows.seconds.map((seconds) => 4 * seconds),
    floorJoules: new Float64Array(TICKS).fill(60),
    controlPlaneJoules: new Float64Array(TICKS).fill(9),
    idleJoules: new Float64Array(TICKS).fill(95),
  };
  const shares = fairShares(energies);
  const entries = rows.column.length;
  const row = (what: string, work: () => unknown): Row => {
    const time = milliseconds(work);
    return { what, entries, ms: time.toFixed(0), 'ns per entry': ((time * 1e6) / entries).toFixed(0) };
  };
  return [
    row('fair shares', () => fairShares(energies)),
    row('their course, every function and tick', () => shareCourse(energies, shares, FootprintKind.shapley)),
    row('Shapley shares of a saturating curve', () =>
      curveSharesByTick(rows, rows.seconds, (load) => 100 * (1 - Math.exp(-load / 40))),
    ),
  ];
}

publish('fair-shares', `${TICKS} ticks, ${FUNCTIONS} functions`, [...rowsFor(28), ...rowsFor(280)]);
