import type { Finding } from '../account.js';
import { DEFAULT_SHARE_WINDOW_SECONDS, type FairShares, fairShares } from '../shares/fair-shares.js';
import { checkWindow } from './account-check.js';
import type {
  AccountWindow,
  CallForecast,
  FunctionWindowAccount,
  OnlineAccountOptions,
  WindowAccount,
} from './account-window.js';
import { CallMemory } from './call-memory.js';
import { nothingDone, tallyFunctions } from './function-tally.js';
import { MachineModel } from './machine-model.js';
import { RecentActivity } from './recent-activity.js';
import { SavedState } from './saved-state.js';
import { activeWatts, isPower, type WindowEnergies, windowEnergies } from './window-energies.js';
import { windowGrams } from './window-grams.js';
import { type WindowLoads, windowLoads } from './window-loads.js';

const VERSION = 1;
/** Functions whose powers are followed one by one; those silent for the longest begin anew as the usual ones that they likely are. */
const DEFAULT_MAX_FUNCTIONS = 500;
/** What calls usually take is remembered of so many. */
const MOST_REMEMBERED = 10_000;

/** All that the next window depends on, as plain JSON. */
export interface OnlineAccountState {
  readonly version: number;
  /** The last idle power that was known; -1 before any was. */
  readonly idleWatts: number;
  readonly model: unknown;
  readonly calls: unknown;
  readonly recent: unknown;
}

/**
 * The account of a machine that runs: window by window it learns what functions add to the machine's power, divides every
 * tick's measured energy among those who caused it, and forecasts what a call takes. Nothing in it is random: the same
 * windows give the same figures, also when the state was saved and resumed in between.
 */
export class OnlineAccount {
  readonly #fillGaps: boolean;
  readonly #model: MachineModel;
  readonly #calls: CallMemory;
  readonly #recent: RecentActivity;
  #idleWatts = -1;

  /** `state` is what `toJSON` gave, also after a way through JSON text. */
  constructor(options: OnlineAccountOptions = {}, state?: unknown) {
    const { fillGaps = false, shareSeconds = DEFAULT_SHARE_WINDOW_SECONDS } = options;
    // Each is followed by its processors and by what it draws beside them.
    const maxFunctions = 2 * (options.powers?.maxFunctions ?? DEFAULT_MAX_FUNCTIONS);
    const powers = { ...options.powers, maxFunctions };
    this.#fillGaps = fillGaps;
    if (state === undefined) {
      this.#model = new MachineModel(powers);
      this.#calls = new CallMemory(MOST_REMEMBERED);
      this.#recent = new RecentActivity(shareSeconds);
      return;
    }
    const saved = new SavedState(state);
    if (saved.number('version') !== VERSION) saved.fail(`is of another version than ${VERSION}`);
    this.#idleWatts = saved.number('idleWatts', -1);
    this.#model = new MachineModel(powers, saved.object('model'));
    this.#calls = CallMemory.from(saved.object('calls'), MOST_REMEMBERED);
    this.#recent = RecentActivity.from(saved.object('recent'), shareSeconds);
  }

  advance(window: AccountWindow): WindowAccount {
    checkWindow(window);
    const loads = windowLoads(window, {
      processors: (name) => this.#calls.processorsOf(name),
      weight: (name) => this.#model.callWeight(name),
    });
    const model = this.#model.follow(loads, this.#activeWatts(window), this.#idleWatts >= 0);
    const energies = windowEnergies({
      window,
      loads,
      model,
      idleOtherwise: Math.max(0, this.#idleWatts),
      fillGaps: this.#fillGaps,
    });
    const shares = fairShares(energies, { activity: this.#recent.take(window.rows) });
    const { rows } = loads;
    return {
      functions: this.#functions(window, loads, energies, shares, model.marginalWatts),
      basis: model.basis,
      floorWatts: model.floorWatts,
      principalJoules: Object.fromEntries(
        rows.columns
          .slice(rows.functionCount)
          .map((name, i): [string, number] => [name, shares.principalJoules[i] ?? 0]),
      ),
      shares: shares.sums,
      entryJoules: inWindow(window, loads, shares.entryJoules),
      tickIdleJoules: energies.idleJoules.map((joules, tick) =>
        Number.isNaN(energies.measuredJoules[tick]) || !isPower(window.idleWatts[tick] ?? Number.NaN)
          ? Number.NaN
          : joules,
      ),
      tickControlPlaneJoules: shares.controlPlaneCourseJoules,
      predictedWatts: energies.predictedWatts,
      findings: findingsOf(energies, shares),
    };
  }

  /** What calls of a function are expected to take; undefined of one that was never seen to run. */
  forecast(name: string): CallForecast | undefined {
    return this.#calls.has(name) ? this.#forecast(name) : undefined;
  }

  /** Ticks before idle was known are learnt from as if it had been the same as after. */
  #activeWatts(window: AccountWindow): Float64Array {
    const known = window.idleWatts.filter(isPower);
    const otherwise = this.#idleWatts >= 0 ? this.#idleWatts : (known[0] ?? Number.NaN);
    this.#idleWatts = known.at(-1) ?? this.#idleWatts;
    return activeWatts(window, otherwise);
  }

  #functions(
    window: AccountWindow,
    loads: WindowLoads,
    energies: WindowEnergies,
    shares: FairShares,
    marginalWatts: Float64Array | undefined,
  ): FunctionWindowAccount[] {
    const grams = windowGrams(window, energies, shares);
    const { columns } = loads.rows;
    const tallies = tallyFunctions(loads, energies, shares.entryJoules, marginalWatts);
    // One that has just fallen silent still has its part of what is shared.
    for (const who of shares.activity.functionIndex) if (!tallies.has(who)) tallies.set(who, nothingDone());
    return Array.from(tallies)
      .sort(([a], [b]) => a - b)
      .map(([who, tally]) => {
        const name = columns[who] ?? '';
        if (tally.seconds > 0 || tally.activations > 0) this.#calls.take(name, tally);
        return {
          function: name,
          activations: tally.activations,
          seconds: tally.seconds,
          ...(tally.uncounted === 0 && { cpuSeconds: tally.cpuSeconds }),
          individualJoules: shares.individualJoules[who] ?? 0,
          floorJoules: shares.floorJoules[who] ?? 0,
          controlPlaneJoules: shares.controlPlaneJoules[who] ?? 0,
          idleJoules: shares.idleJoules[who] ?? 0,
          ...(!Number.isNaN(tally.marginalJoules) && { marginalJoules: tally.marginalJoules }),
          operationalGrams: grams[who] ?? 0,
          ...(shares.embodiedGrams && { embodiedGrams: shares.embodiedGrams[who] ?? 0 }),
          ...this.#forecast(name),
        };
      });
  }

  #forecast(name: string): CallForecast {
    const { activations, seconds, measuredSeconds, joules } = this.#calls.of(name);
    const { watts, standardError } = this.#model.callWatts(name, this.#calls.processorsOf(name));
    const meanSeconds = activations > 0 ? seconds / activations : undefined;
    return {
      wattsPerCall: watts,
      ...(standardError !== undefined && { standardError }),
      ...(meanSeconds !== undefined && {
        meanSeconds,
        ...(measuredSeconds > 0 && { joulesPerCall: (joules / measuredSeconds) * meanSeconds }),
      }),
    };
  }

  toJSON(): OnlineAccountState {
    return {
      version: VERSION,
      idleWatts: this.#idleWatts,
      model: this.#model.toJSON(),
      calls: this.#calls.toJSON(),
      recent: this.#recent.toJSON(),
    };
  }
}

/** The figures of the entries that the window's own rows have. */
function inWindow({ rows }: AccountWindow, { source }: WindowLoads, values: Float64Array): Float64Array {
  const own = new Float64Array(rows.column.length);
  for (const [p, at] of source.entries()) if (at >= 0) own[at] = values[p] ?? 0;
  return own;
}

function findingsOf({ filledTicks, rows }: WindowEnergies, { unmeasuredTicks }: FairShares): Finding[] {
  const findings: Finding[] = [];
  if (filledTicks > 0) {
    const message = `${filledTicks} of ${rows.count} ticks have no measured power: their energy is what the model says`;
    findings.push({ code: 'gaps-filled', message, count: filledTicks });
  }
  if (unmeasuredTicks > 0) {
    const message = `${unmeasuredTicks} of ${rows.count} ticks have no measured power: no energy of theirs is in any figure`;
    findings.push({ code: 'unmeasured-ticks', message, count: unmeasuredTicks });
  }
  return findings;
}
