import type { EntryEnergies } from './entry-energies.js';
import type { LedgerCall } from './ledger-call.js';

/** A call without length is taken to have had this much, so that it is somewhere. */
const LEAST_SECONDS = 1e-6;

/** Visits the ticks of a window in which a call ran. */
function eachTick(
  { from, to, tickSeconds, ticks }: EntryEnergies,
  call: LedgerCall,
  visit: (tick: number, seconds: number) => void,
): void {
  const begin = call.startedAt;
  const end = Math.max(call.endedAt ?? to, begin + LEAST_SECONDS);
  if (begin >= to || end <= from) return;
  const first = Math.max(0, Math.floor((begin - from) / tickSeconds));
  for (let tick = first; tick < ticks; tick++) {
    const edge = from + tick * tickSeconds;
    if (edge >= end) return;
    const seconds = Math.min(end, edge + tickSeconds) - Math.max(begin, edge);
    if (seconds > 0) visit(tick, seconds);
  }
}

/** Processors that a call kept busy, on average, where its replica told. */
function busyCpus({ call, startedAt, endedAt }: LedgerCall): number | undefined {
  if (call?.cpuSeconds === undefined || endedAt === undefined) return undefined;
  return call.cpuSeconds / Math.max(LEAST_SECONDS, endedAt - startedAt);
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

function totalsOf(energies: EntryEnergies, lists: readonly (readonly LedgerCall[])[]): Totals {
  const size = energies.seconds.length;
  const totals: Totals = {
    seconds: new Float64Array(size),
    cpuSeconds: new Float64Array(size),
    isUncounted: new Uint8Array(size),
    windowSeconds: new Float64Array(energies.idleJoules.length),
  };
  for (const calls of lists) {
    for (const call of calls) {
      const column = energies.columnOf.get(call.function);
      if (column === undefined) continue;
      const cpus = busyCpus(call);
      eachTick(energies, call, (tick, seconds) => {
        const at = column * energies.ticks + tick;
        totals.seconds[at] = (totals.seconds[at] ?? 0) + seconds;
        totals.windowSeconds[column] = (totals.windowSeconds[column] ?? 0) + seconds;
        if (cpus === undefined) totals.isUncounted[at] = 1;
        else totals.cpuSeconds[at] = (totals.cpuSeconds[at] ?? 0) + cpus * seconds;
      });
    }
  }
  return totals;
}

/**
 * Gives each tick's energy of a function to its calls: by their own CPU time where it is known of all that ran in the tick,
 * else by how long they ran in it. What calls are given never exceeds what the function has.
 */
export function shareOut(
  energies: EntryEnergies,
  running: Iterable<LedgerCall>,
  ended: readonly LedgerCall[],
): void {
  const lists = [[...running], ended];
  const totals = totalsOf(energies, lists);
  for (const calls of lists) {
    for (const call of calls) {
      if (call.startedAt >= energies.to) continue;
      const column = energies.columnOf.get(call.function);
      // It was told of too late: some of its time, or all, is in ticks that were settled without it.
      if (column === undefined || call.settledTo < energies.from - LEAST_SECONDS) call.joules = Number.NaN;
      call.settledTo = energies.to;
      if (column === undefined) continue;
      const cpus = busyCpus(call);
      let inWindow = 0;
      eachTick(energies, call, (tick, seconds) => {
        const at = column * energies.ticks + tick;
        const counted = totals.isUncounted[at] === 0 ? (totals.cpuSeconds[at] ?? 0) : 0;
        // Rows may know of calls that nobody told the end of.
        const whole = Math.max(totals.seconds[at] ?? 0, energies.seconds[at] ?? 0);
        const part =
          counted > 0 && cpus !== undefined ? (cpus * seconds) / counted : whole > 0 ? seconds / whole : 0;
        call.joules += part * (energies.joules[at] ?? Number.NaN);
        inWindow += seconds;
      });
      if (inWindow > 0) {
        const idle = energies.idleJoules[column] ?? Number.NaN;
        call.idleJoules += (idle * inWindow) / (totals.windowSeconds[column] ?? inWindow);
      }
    }
  }
}
