import type { EndedCalls } from './ended-calls.js';
import type { EntryEnergies } from './entry-energies.js';
import type { RunningCall } from './running-call.js';

/** A call without length is taken to have had this much, so that it is somewhere. */
const LEAST_SECONDS = 1e-6;

/** What energy is given to, column by column. */
interface Takers {
  readonly count: number;
  /** The column of the function in the window's energies; -1 for one that is not there. */
  readonly column: Int32Array;
  readonly from: Float64Array;
  readonly until: Float64Array;
  /** Processors that it kept busy, on average; NaN where its replica did not tell. */
  readonly cpus: Float64Array;
  readonly settledTo: Float64Array;
  readonly joules: Float64Array;
  readonly idleJoules: Float64Array;
}

/** By tick of a function: what its calls had in all. */
interface Totals {
  readonly seconds: Float64Array;
  readonly cpuSeconds: Float64Array;
  /** 1 where some call's CPU time is not known. */
  readonly isUncounted: Uint8Array;
  /** By column. */
  readonly windowSeconds: Float64Array;
}

type Visit = (at: number, seconds: number) => void;

/** Visits the ticks of a window in which a call ran, by their place in the window's energies. */
function eachTick(energies: EntryEnergies, column: number, from: number, until: number, visit: Visit): void {
  const { from: begin, to, tickSeconds, ticks } = energies;
  const end = Math.max(Math.min(until, to), from + LEAST_SECONDS);
  if (from >= to || end <= begin) return;
  for (let tick = Math.max(0, Math.floor((from - begin) / tickSeconds)); tick < ticks; tick++) {
    const edge = begin + tick * tickSeconds;
    if (edge >= end) return;
    const seconds = Math.min(end, edge + tickSeconds) - Math.max(from, edge);
    if (seconds > 0) visit(column * ticks + tick, seconds);
  }
}

function addUp(energies: EntryEnergies, { count, column, from, until, cpus }: Takers, totals: Totals): void {
  const { seconds: sums, cpuSeconds, isUncounted, windowSeconds } = totals;
  let of = 0;
  let busy = 0;
  const visit: Visit = (at, seconds) => {
    sums[at] = (sums[at] ?? 0) + seconds;
    windowSeconds[of] = (windowSeconds[of] ?? 0) + seconds;
    if (Number.isNaN(busy)) isUncounted[at] = 1;
    else cpuSeconds[at] = (cpuSeconds[at] ?? 0) + busy * seconds;
  };
  for (let index = 0; index < count; index++) {
    of = column[index] ?? -1;
    busy = cpus[index] ?? Number.NaN;
    if (of >= 0) eachTick(energies, of, from[index] ?? 0, until[index] ?? 0, visit);
  }
}

function give(energies: EntryEnergies, takers: Takers, totals: Totals): void {
  const { count, column, from, until, cpus, settledTo, joules, idleJoules } = takers;
  let busy = 0;
  let given = 0;
  let inWindow = 0;
  const visit: Visit = (at, seconds) => {
    const counted = totals.isUncounted[at] === 0 ? (totals.cpuSeconds[at] ?? 0) : 0;
    // Rows may know of calls that nobody told the end of.
    const whole = Math.max(totals.seconds[at] ?? 0, energies.seconds[at] ?? 0);
    const byCpu = counted > 0 && !Number.isNaN(busy);
    const part = byCpu ? (busy * seconds) / counted : whole > 0 ? seconds / whole : 0;
    given += part * (energies.joules[at] ?? Number.NaN);
    inWindow += seconds;
  };
  for (let index = 0; index < count; index++) {
    const begin = from[index] ?? 0;
    if (begin >= energies.to) continue;
    const of = column[index] ?? -1;
    // It was told of too late: some of its time, or all, is in ticks that were settled without it.
    const isLate = of < 0 || (settledTo[index] ?? 0) < energies.from - LEAST_SECONDS;
    settledTo[index] = energies.to;
    given = isLate ? Number.NaN : 0;
    inWindow = 0;
    busy = cpus[index] ?? Number.NaN;
    if (of >= 0) eachTick(energies, of, begin, until[index] ?? 0, visit);
    joules[index] = (joules[index] ?? 0) + given;
    if (inWindow === 0) continue;
    const idle = energies.idleJoules[of] ?? Number.NaN;
    idleJoules[index] = (idleJoules[index] ?? 0) + (idle * inWindow) / (totals.windowSeconds[of] ?? inWindow);
  }
}

function endedTakers(energies: EntryEnergies, { calls, length, from, until, settledTo }: EndedCalls): Takers {
  const { joules, idleJoules, origin, cpuSeconds } = calls.numbers;
  const columns = calls.origins.map((each) => energies.columnOf.get(each.function) ?? -1);
  const column = new Int32Array(length);
  const cpus = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    column[index] = columns[origin[index] ?? 0] ?? -1;
    const seconds = (until[index] ?? 0) - (from[index] ?? 0);
    cpus[index] = (cpuSeconds[index] ?? Number.NaN) / Math.max(LEAST_SECONDS, seconds);
  }
  return { count: length, column, from, until, cpus, settledTo, joules, idleJoules };
}

const runningTakers = (energies: EntryEnergies, calls: readonly RunningCall[]): Takers => ({
  count: calls.length,
  column: Int32Array.from(calls, (call) => energies.columnOf.get(call.function) ?? -1),
  from: Float64Array.from(calls, ({ startedAt }) => startedAt),
  until: new Float64Array(calls.length).fill(Number.POSITIVE_INFINITY),
  cpus: new Float64Array(calls.length).fill(Number.NaN),
  settledTo: Float64Array.from(calls, ({ settledTo }) => settledTo),
  joules: Float64Array.from(calls, ({ joules }) => joules),
  idleJoules: Float64Array.from(calls, ({ idleJoules }) => idleJoules),
});

/**
 * Gives each tick's energy of a function to its calls: by their own CPU time where it is known of all that ran in the tick,
 * else by how long they ran in it. What calls are given never exceeds what the function has.
 */
export function shareOut(energies: EntryEnergies, running: readonly RunningCall[], ended: EndedCalls): void {
  const size = energies.seconds.length;
  const totals: Totals = {
    seconds: new Float64Array(size),
    cpuSeconds: new Float64Array(size),
    isUncounted: new Uint8Array(size),
    windowSeconds: new Float64Array(energies.idleJoules.length),
  };
  const ofRunning = runningTakers(energies, running);
  const all = [ofRunning, endedTakers(energies, ended)];
  for (const takers of all) addUp(energies, takers, totals);
  for (const takers of all) give(energies, takers, totals);
  for (const [index, call] of running.entries()) {
    call.settledTo = ofRunning.settledTo[index] ?? call.settledTo;
    call.joules = ofRunning.joules[index] ?? call.joules;
    call.idleJoules = ofRunning.idleJoules[index] ?? call.idleJoules;
  }
}
