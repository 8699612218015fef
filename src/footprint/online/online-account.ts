import type { Finding } from '../account.js';
import { fairShares } from '../shares/fair-shares.js';
import { checkWindow } from './account-check.js';
import type {
  AccountWindow,
  CallForecast,
  FunctionWindowAccount,
  OnlineAccountOptions,
  WindowAccount,
} from './account-window.js';
import { CallMemory, type CallTally, emptyTally } from './call-memory.js';
import { OnlineDisaggregator, type OnlineState } from './disaggregator.js';
import type { OnlineEstimate } from './online.js';
import { byCall, byProcessor, FLOOR, regressors } from './regressors.js';
import { SavedState } from './saved-state.js';
import { activeWatts, type WindowEnergies, windowEnergies } from './window-energies.js';
import { windowGrams } from './window-grams.js';
import { type WindowLoads, windowLoads } from './window-loads.js';

const VERSION = 1;
const DEFAULT_MAX_FUNCTIONS = 2000;

/** All that the next window depends on, as plain JSON. */
export interface OnlineAccountState {
  readonly version: number;
  readonly powers: OnlineState;
  readonly calls: unknown;
}

/** Powers by the names that they are followed under. */
class Powers {
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #estimate: OnlineEstimate;

  constructor(estimate: OnlineEstimate) {
    this.#estimate = estimate;
    this.#slotOf = new Map(estimate.functions.map((name, slot) => [name, slot]));
  }

  has(name: string): boolean {
    return this.#slotOf.has(name);
  }

  watts(name: string): number {
    return this.#estimate.watts[this.#slotOf.get(name) ?? -1] ?? 0;
  }

  error(name: string): number | undefined {
    return this.#estimate.standardErrors?.[this.#slotOf.get(name) ?? -1];
  }
}

/**
 * The account of a machine that runs: window by window it follows what functions add to the machine's power, divides every
 * tick's measured energy among those who caused it, and forecasts what a call takes. Nothing in it is random: the same
 * windows give the same figures, also when the state was saved and resumed in between.
 */
export class OnlineAccount {
  readonly #powers: OnlineDisaggregator;
  readonly #calls: CallMemory;

  /** `state` is what `toJSON` gave, also after a way through JSON text. */
  constructor(options: OnlineAccountOptions = {}, state?: unknown) {
    const maxFunctions = options.powers?.maxFunctions ?? DEFAULT_MAX_FUNCTIONS;
    // A function may be followed by processor and by call, and beside it there are floor and principals.
    const powers = { ...options.powers, maxFunctions: 2 * maxFunctions + 1 };
    if (state === undefined) {
      this.#powers = new OnlineDisaggregator(powers);
      this.#calls = new CallMemory(maxFunctions);
      return;
    }
    const saved = new SavedState(state);
    if (saved.number('version') !== VERSION) saved.fail(`is of another version than ${VERSION}`);
    this.#powers = new OnlineDisaggregator(powers, saved.value('powers'));
    this.#calls = CallMemory.from(saved.object('calls'), maxFunctions);
  }

  advance(window: AccountWindow): WindowAccount {
    checkWindow(window);
    const loads = windowLoads(window);
    const powers = new Powers(this.#powers.update({ rows: regressors(loads), watts: activeWatts(window) }));
    const energies = windowEnergies(window, loads, {
      entryWatts: entryWatts(loads, powers),
      floorWatts: powers.watts(FLOOR),
    });
    const shares = fairShares(energies);
    const grams = windowGrams(window, energies, shares);
    const { rows } = loads;
    const tallies = tallied(loads, energies, shares.entryJoules);
    const functions = Array.from(tallies, ([column, tally]): FunctionWindowAccount => {
      const name = rows.columns[column] ?? '';
      if (tally.seconds > 0 || tally.activations > 0) this.#calls.take(name, tally);
      const isCounted = tally.uncounted === 0;
      return {
        function: name,
        activations: tally.activations,
        seconds: tally.seconds,
        ...(isCounted && { cpuSeconds: tally.cpuSeconds }),
        individualJoules: shares.individualJoules[column] ?? 0,
        floorJoules: shares.floorJoules[column] ?? 0,
        controlPlaneJoules: shares.controlPlaneJoules[column] ?? 0,
        idleJoules: shares.idleJoules[column] ?? 0,
        operationalGrams: grams[column] ?? 0,
        ...(shares.embodiedGrams && { embodiedGrams: shares.embodiedGrams[column] ?? 0 }),
        ...this.#forecast(name, powers),
      };
    });
    return {
      functions,
      principalJoules: Object.fromEntries(
        rows.columns
          .slice(rows.functionCount)
          .map((name, i): [string, number] => [name, shares.principalJoules[i] ?? 0]),
      ),
      shares: shares.sums,
      entryJoules: inWindow(window, loads, shares.entryJoules),
      tickIdleJoules: energies.idleJoules.map((joules, tick) =>
        Number.isNaN(energies.measuredJoules[tick]) || Number.isNaN(window.idleWatts[tick])
          ? Number.NaN
          : joules,
      ),
      predictedWatts: energies.predictedWatts,
      findings: findingsOf(shares.unmeasuredTicks, rows.count),
    };
  }

  #forecast(name: string, powers: Powers): CallForecast {
    const { activations, seconds, countedSeconds, cpuSeconds, measuredSeconds, joules } =
      this.#calls.of(name);
    const isCounted = countedSeconds > 0 && powers.has(byProcessor(name));
    const [key, each] = isCounted ? [byProcessor(name), cpuSeconds / countedSeconds] : [byCall(name), 1];
    const error = powers.error(key);
    const meanSeconds = activations > 0 ? seconds / activations : undefined;
    return {
      wattsPerCall: powers.watts(key) * each,
      ...(error !== undefined && { standardError: error * each }),
      ...(meanSeconds !== undefined && {
        meanSeconds,
        ...(measuredSeconds > 0 && { joulesPerCall: (joules / measuredSeconds) * meanSeconds }),
      }),
    };
  }

  toJSON(): OnlineAccountState {
    return { version: VERSION, powers: this.#powers.toJSON(), calls: this.#calls.toJSON() };
  }
}

function entryWatts({ rows, load, counted }: WindowLoads, powers: Powers): Float64Array {
  const cpu = rows.columns.map((name) => powers.watts(byProcessor(name)));
  const run = rows.columns.map((name) => powers.watts(byCall(name)));
  return load.map((value, p) => value * ((counted[p] === 1 ? cpu : run)[rows.column[p] ?? 0] ?? 0));
}

interface WindowTally extends CallTally {
  /** Entries that ran in ticks of which the processor seconds are not known. */
  uncounted: number;
}

/** By column of the functions that ran or used the processor, in order. */
function tallied(
  { rows, load, counted }: WindowLoads,
  { measuredJoules }: WindowEnergies,
  entryJoules: Float64Array,
): Map<number, WindowTally> {
  const tallies = new Map<number, WindowTally>();
  for (let tick = 0; tick < rows.count; tick++)
    for (let p = rows.rowStart[tick] ?? 0; p < (rows.rowStart[tick + 1] ?? 0); p++) {
      const who = rows.column[p] ?? 0;
      if (who >= rows.functionCount) continue;
      const tally = tallies.get(who) ?? { ...emptyTally(), uncounted: 0 };
      const seconds = rows.seconds[p] ?? 0;
      tally.activations += rows.activations[p] ?? 0;
      tally.seconds += seconds;
      if (counted[p] === 1) {
        tally.countedSeconds += seconds;
        tally.cpuSeconds += (load[p] ?? 0) * rows.tickSeconds;
      } else tally.uncounted++;
      if (!Number.isNaN(measuredJoules[tick])) {
        tally.measuredSeconds += seconds;
        tally.joules += entryJoules[p] ?? 0;
      }
      tallies.set(who, tally);
    }
  return new Map(Array.from(tallies).sort(([a], [b]) => a - b));
}

/** The figures of the entries that the window's own rows have. */
function inWindow({ rows }: AccountWindow, { source }: WindowLoads, values: Float64Array): Float64Array {
  const own = new Float64Array(rows.column.length);
  for (const [p, at] of source.entries()) if (at >= 0) own[at] = values[p] ?? 0;
  return own;
}

function findingsOf(unmeasured: number, ticks: number): Finding[] {
  if (unmeasured === 0) return [];
  const message = `${unmeasured} of ${ticks} ticks have no measured power: no energy of theirs is in any figure`;
  return [{ code: 'unmeasured-ticks', message, count: unmeasured }];
}
