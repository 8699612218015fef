import { COUNTER_NAMES, type CounterColumns, counterColumns } from './counters.js';
import { type CpuFit, type CpuRows, fitCpuModel, MIN_ROWS, NO_COUNTERS } from './fit.js';
import { type CpuModel, modelFor, predictCpuWatts } from './model.js';
import { soundSample } from './sound-counters.js';
import {
  type CpuObservation,
  type CpuTrackerState,
  type CpuTraining,
  rowOf,
  savedRow,
  type TrainingReason,
} from './tracker-state.js';

export interface CpuTrackerOptions {
  /** Logical processors, where known. */
  readonly cores?: number;
  /** The error, of either sign, beyond which the model is fitted anew. */
  readonly maxError?: number;
  /** Rows over which the error is found. */
  readonly errorRows?: number;
  /** Rows that are kept to fit to. */
  readonly historyRows?: number;
  /** Rows that must come between two fits. */
  readonly restRows?: number;
}

const DEFAULTS = { maxError: 0.05, errorRows: 60, historyRows: 900, restRows: 30 };
/** A model that was fitted to few rows is fitted anew when there are so many times more. */
const GROWTH = 4;
/** Fits that are told of one by one; how often each reason came is counted for ever. */
const MAX_TRAININGS = 100;

/**
 * Keeps a model of CPU power while the machine changes under it. Its error is that of the energy of the last rows:
 * (modelled − measured) / measured, which is negative where the model says too little. Beyond 5 % either way it is
 * fitted anew, to the newest rows only where older ones are of another time.
 */
export class CpuModelTracker {
  readonly #cores: number | undefined;
  readonly #limits: typeof DEFAULTS;
  #rows: CpuObservation[] = [];
  #model: CpuModel | undefined;
  #reason: string | undefined;
  #trainings: CpuTraining[] = [];
  #counts: Record<TrainingReason, number> = {
    first: 0,
    grown: 0,
    'too-high': 0,
    'too-low': 0,
    inputs: 0,
  };
  #sinceTraining = 0;
  #missed = 0;

  constructor({ cores, ...limits }: CpuTrackerOptions = {}, state?: CpuTrackerState) {
    this.#cores = cores;
    this.#limits = { ...DEFAULTS, ...limits };
    if (state === undefined) return;
    this.#rows = state.rows.map(rowOf).slice(-this.#limits.historyRows);
    this.#model = state.model;
    this.#trainings = [...state.trainings];
    this.#counts = { ...state.counts };
    this.#sinceTraining = state.sinceTraining;
    this.#missed = state.missed;
  }

  /** Absent until there are enough rows, for `reason`. */
  get model(): CpuModel | undefined {
    return this.#model;
  }

  get reason(): string | undefined {
    return this.#model === undefined ? (this.#reason ?? 'nothing was observed yet') : undefined;
  }

  /** The last fits, oldest first. */
  get trainings(): readonly CpuTraining[] {
    return this.#trainings;
  }

  /** How often it was fitted, by reason. */
  get counts(): Readonly<Record<TrainingReason, number>> {
    return this.#counts;
  }

  /** Observations that could not be used: no power, no CPU time, no time. */
  get missed(): number {
    return this.#missed;
  }

  /** Relative error of the energy of the last rows: above 0 where the model says too much. NaN without model or rows. */
  get error(): number {
    return this.#model === undefined ? Number.NaN : errorOf(this.#model, this.#recent());
  }

  /** Takes in what was observed; the fit that it led to, if it led to one. */
  observe(observation: CpuObservation): CpuTraining | undefined {
    const { seconds, watts } = observation;
    const capacity = this.#cores === undefined ? undefined : this.#cores * seconds;
    const counters = soundSample(observation.counters, capacity);
    const usable =
      seconds > 0 && Number.isFinite(watts) && watts >= 0 && Number.isFinite(counters.cpuSeconds);
    if (!usable) {
      this.#missed++;
      return undefined;
    }
    this.#rows.push({ ...observation, counters });
    if (this.#rows.length > this.#limits.historyRows) this.#rows.shift();
    this.#sinceTraining++;
    const reason = this.#why();
    return reason === undefined ? undefined : this.#train(reason, observation.t);
  }

  save(): CpuTrackerState {
    return {
      version: 1,
      rows: this.#rows.map(savedRow),
      ...(this.#model === undefined ? {} : { model: this.#model }),
      trainings: [...this.#trainings],
      counts: { ...this.#counts },
      sinceTraining: this.#sinceTraining,
      missed: this.#missed,
    };
  }

  #recent(): CpuObservation[] {
    return this.#rows.slice(-this.#limits.errorRows);
  }

  #why(): TrainingReason | undefined {
    const { restRows, maxError } = this.#limits;
    if (this.#rows.length < MIN_ROWS || this.#sinceTraining < restRows) return undefined;
    if (this.#model === undefined) return 'first';
    if (this.#inputsChanged(this.#model)) return 'inputs';
    const { error } = this;
    if (error > maxError) return 'too-high';
    if (error < -maxError) return 'too-low';
    return this.#rows.length >= GROWTH * this.#model.rows ? 'grown' : undefined;
  }

  /** Whether the last rows all have performance counters that the model did without, or none of those that it needs. */
  #inputsChanged(model: CpuModel): boolean {
    const recent = this.#recent();
    if (recent.length < this.#limits.errorRows) return false;
    if (model.reason === undefined)
      return recent.every(({ counters }) => modelFor(model, counters) !== model);
    return model.reason === NO_COUNTERS && recent.every(({ counters }) => Number.isFinite(counters.cycles));
  }

  #train(reason: TrainingReason, t: number): CpuTraining | undefined {
    this.#sinceTraining = 0;
    const before = this.error;
    // Counters that have gone say nothing about rows to come, and rows without them nothing about those that have come.
    if (reason === 'inputs') this.#rows = this.#recent();
    const fit = this.#fit();
    this.#reason = fit.reason;
    if (fit.model === undefined) return undefined;
    this.#model = fit.model;
    const training: CpuTraining = {
      t,
      reason,
      ...(Number.isNaN(before) ? {} : { errorBefore: before }),
      errorAfter: this.error,
      rows: this.#rows.length,
    };
    this.#counts[reason]++;
    this.#trainings = [...this.#trainings, training].slice(-MAX_TRAININGS);
    return training;
  }

  /**
   * Fits to all rows. Where that doesn't describe the last ones, older rows are of another time: they are dropped by
   * halves, if that helps. If it doesn't, the machine is no line, and more rows are better than fewer.
   */
  #fit(): CpuFit {
    const { maxError, errorRows } = this.#limits;
    const options = this.#cores === undefined ? {} : { cores: this.#cores };
    const whole = fitCpuModel(columnsOf(this.#rows), options);
    let [rows, fit] = [this.#rows, whole];
    for (;;) {
      if (fit.model !== undefined && Math.abs(errorOf(fit.model, this.#recent())) <= maxError) {
        this.#rows = rows;
        return fit;
      }
      const half = Math.floor(rows.length / 2);
      if (half < Math.max(MIN_ROWS, errorRows)) return whole;
      rows = rows.slice(-half);
      fit = fitCpuModel(columnsOf(rows), options);
    }
  }
}

/** (modelled − measured) / measured energy; NaN without rows that can be modelled. */
function errorOf(model: CpuModel, rows: readonly CpuObservation[]): number {
  let [modelled, measured] = [0, 0];
  for (const { counters, seconds, watts } of rows) {
    const predicted = predictCpuWatts(model, counters, seconds);
    if (predicted === undefined) continue;
    modelled += predicted * seconds;
    measured += watts * seconds;
  }
  return measured > 0 ? (modelled - measured) / measured : Number.NaN;
}

function columnsOf(rows: readonly CpuObservation[]): CpuRows {
  const counters: CounterColumns = counterColumns(rows.length);
  for (const [row, observation] of rows.entries())
    for (const name of COUNTER_NAMES) counters[name][row] = observation.counters[name];
  return {
    seconds: Float64Array.from(rows, ({ seconds }) => seconds),
    counters,
    watts: Float64Array.from(rows, ({ watts }) => watts),
  };
}
