import { columnSums, median, type SparseRows } from '../../maths/index.js';
import type { InvocationTable } from '../../model/index.js';
import { type InvocationSample, sampled } from './invocation-sample.js';
import type { Occupancy } from './occupancy.js';
import { SmallProblem } from './small-problem.js';
import { endOf, StepIntegral } from './steps.js';

/**
 * How functions slow one another down, learnt from how long they take: an invocation of `f` takes
 * `base(f) · (1 + sensitivity(f) · pressure)`, where pressure is the running invocations, each counted by the pressure of
 * its function. The law is that of sharing: the work done together grows with the load, and never beyond a limit.
 */
export interface Contention {
  /** What an invocation would take on an empty machine, in seconds. */
  readonly baseSeconds: Float64Array;
  readonly sensitivity: Float64Array;
  /** How much one running invocation weighs on the others; 1 on average. */
  readonly pressure: Float64Array;
}

/** Functions with the most running time that get a pressure of their own; the others have the usual one. */
const OWN_PRESSURE = 24;
const ROUNDS = 8;
/** An invocation doesn't shrink below this part of the usual time, however empty the machine: what was not seen is not believed. */
const LEAST_BASE = 0.02;
/** Base and slope of functions that don't contend. Where the pressure never varied one invocation's worth of this decides. */
const UNCONTENDED = [1, 0] as const;
/** Below so many invocations a function is held to be like the others. */
const PRIOR_INVOCATIONS = 10;
/** Deviation, as a part, that pressures are held to have before anything is seen. */
const PRESSURE_DEVIATION = 0.7;
/** However little processor time a function takes, its invocations may weigh as much as this part of the usual one. */
const LEAST_PRESSURE = 0.1;
/** Times are not told more exactly than this: of a relative one, squared. */
const LEAST_VARIANCE = 1e-12;
/** Runs longer than this many times the usual one count as that long: they had more to do, which says nothing of contention. */
const LONGEST = 4;

/** Mean concurrency during each sampled invocation: of the functions with most running time one by one, then of all the others. */
function surroundings(
  occupancy: Occupancy,
  sample: InvocationSample,
  own: readonly number[],
): Float64Array[] {
  const { steps, rows, total } = occupancy;
  const place = new Int32Array(rows.width).fill(-1);
  for (const [i, f] of own.entries()) place[f] = i;
  const courses = own.map(() => new Float64Array(steps.count));
  const rest = Float64Array.from(total);
  for (let j = 0; j < steps.count; j++) {
    for (let p = rows.rowStart[j] ?? 0; p < (rows.rowStart[j + 1] ?? 0); p++) {
      const course = courses[place[rows.column[p] ?? 0] ?? -1];
      if (course === undefined) continue;
      const value = rows.value[p] ?? 0;
      course[j] = value;
      rest[j] = (rest[j] ?? 0) - value;
    }
  }
  return [...courses, rest].map((course) => {
    const integral = new StepIntegral(steps, course);
    return sample.seconds.map((_, i) => integral.mean(sample.start[i] ?? 0, sample.end[i] ?? 0));
  });
}

/** The functions with the most running time, most first. */
function busiest({ rows }: Occupancy, limit: number): number[] {
  const seconds = columnSums(rows.column, rows.value, rows.width);
  const order = Array.from(seconds.keys()).sort((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0) || a - b);
  return order.filter((f) => (seconds[f] ?? 0) > 0).slice(0, limit);
}

/** What the functions' pressures are held to be before any latency is seen, relative to the mean; then that of all others. */
function expectedPressures(
  { rows }: Occupancy,
  own: readonly number[],
  cpu: SparseRows | undefined,
): Float64Array {
  const expected = new Float64Array(own.length + 1).fill(1);
  if (cpu === undefined) return expected;
  const ran = columnSums(rows.column, rows.value, rows.width);
  const busy = columnSums(cpu.column, cpu.value, cpu.width);
  const all = (sums: Float64Array): number => sums.reduce((sum, value) => sum + value, 0);
  const usual = all(busy) / all(ran);
  if (!(usual > 0)) return expected;
  let [ranApart, busyApart] = [0, 0];
  for (const [i, f] of own.entries()) {
    ranApart += ran[f] ?? 0;
    busyApart += busy[f] ?? 0;
    expected[i] = (busy[f] ?? 0) / (ran[f] ?? 1) / usual;
  }
  const rest = all(ran) - ranApart;
  if (rest > 0) expected[own.length] = Math.max(0, all(busy) - busyApart) / rest / usual;
  return expected;
}

/**
 * Learns contention from the invocations that ended. Where processor time is known, an invocation is held to weigh as much as
 * the processors that it keeps busy; else all alike.
 */
export function learnContention(
  invocations: InvocationTable,
  occupancy: Occupancy,
  cpu?: SparseRows,
): Contention {
  const width = invocations.functions.length;
  const { steps } = occupancy;
  const sample = sampled(invocations, [steps.start, endOf(steps)]);
  const own = busiest(occupancy, OWN_PRESSURE);
  const around = surroundings(occupancy, sample, own);
  const usual = Float64Array.from({ length: width }, (_, f) =>
    median(sample.seconds.subarray(sample.from[f] ?? 0, sample.from[f + 1] ?? 0)),
  );
  // Times relative to the function's usual one, so that all functions can be held against one another.
  const relative = sample.seconds.map((seconds, i) =>
    Math.min(LONGEST, seconds / (usual[sample.of[i] ?? 0] ?? Number.NaN)),
  );
  const expected = expectedPressures(occupancy, own, cpu);
  const pressures = expected.slice();
  const pressureAt = (i: number): number =>
    around.reduce((sum, course, g) => sum + (pressures[g] ?? 0) * (course[i] ?? 0), 0);

  let laws: { readonly base: Float64Array; readonly slope: Float64Array } = fitLaws();
  for (let round = 0; round < ROUNDS && own.length > 1; round++) {
    fitPressures();
    laws = fitLaws();
  }
  const { base, slope } = laws;
  const pressure = new Float64Array(width).fill(pressures[own.length] ?? 1);
  for (const [i, f] of own.entries()) pressure[f] = pressures[i] ?? 1;
  return {
    pressure,
    baseSeconds: base.map((part, f) => part * (usual[f] ?? Number.NaN)),
    sensitivity: slope.map((value, f) => value / (base[f] ?? 1)),
  };

  /** One straight line a function: relative time over pressure; functions seen little lean on the line of all. */
  function fitLaws() {
    const pressure = Float64Array.from(relative, (_, i) => pressureAt(i));
    const together = lineOf(pressure, 0, relative.length);
    const lines = Array.from({ length: width }, (_, f) =>
      lineOf(pressure, sample.from[f] ?? 0, sample.from[f + 1] ?? 0, together),
    );
    return {
      base: Float64Array.from(lines, ([base]) => Math.max(LEAST_BASE, base)),
      slope: Float64Array.from(lines, ([, slope]) => slope),
    };
  }

  function lineOf(pressure: Float64Array, from: number, to: number, prior?: readonly [number, number]) {
    let [base, slope] = prior ?? [1, 0];
    if (from === to) return [base, slope] as const;
    for (let round = 0; round < 4; round++) {
      const problem = new SmallProblem(2);
      // Deviations grow with the time itself: each is counted relative to what is expected.
      for (let i = from; i < to; i++) {
        const expected = Math.max(1e-3, base + slope * (pressure[i] ?? 0));
        problem.add([1 / expected, (pressure[i] ?? 0) / expected], (relative[i] ?? 0) / expected);
      }
      const [usualBase, usualSlope] = prior ?? UNCONTENDED;
      const level = Math.max(1e-3, usualBase + usualSlope * mean(pressure, from, to));
      const weight = prior === undefined ? 1 : Math.sqrt(PRIOR_INVOCATIONS);
      problem.add(
        [0, (weight * mean(pressure, from, to)) / level],
        (weight * usualSlope * mean(pressure, from, to)) / level,
      );
      const solution = problem.solve();
      [base, slope] = [solution[0] ?? 1, solution[1] ?? 0];
    }
    return [base, slope] as const;
  }

  /** The pressures that explain the times best, the laws given. */
  function fitPressures(): void {
    const problem = new SmallProblem(pressures.length);
    // Never nothing: where times say nothing at all, pressures stay as they are held to be.
    let variance = LEAST_VARIANCE;
    for (let i = 0; i < relative.length; i++) {
      const f = sample.of[i] ?? 0;
      const [base, slope] = [laws.base[f] ?? 1, laws.slope[f] ?? 0];
      const expected = base + slope * pressureAt(i);
      variance += ((relative[i] ?? 0) / expected - 1) ** 2 / relative.length;
      problem.add(
        around.map((course) => (slope * (course[i] ?? 0)) / expected),
        ((relative[i] ?? 0) - base) / expected,
      );
    }
    const found = problem.solve(
      expected.map((value) => variance / (PRESSURE_DEVIATION * Math.max(value, LEAST_PRESSURE)) ** 2),
      expected,
    );
    // Only the products of pressures and sensitivities mean something: the mean pressure is set to 1.
    let [weighted, total] = [0, 0];
    for (const [g, course] of around.entries()) {
      const presence = mean(course, 0, course.length);
      weighted += presence * (found[g] ?? 0);
      total += presence;
    }
    const scale = weighted > 0 ? total / weighted : 1;
    found.forEach((value, g) => {
      pressures[g] = value * scale;
    });
  }
}

function mean(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] ?? 0;
  return to > from ? sum / (to - from) : 0;
}
