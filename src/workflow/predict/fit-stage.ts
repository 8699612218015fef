import { ErrorCode, WattloopError } from '../../errors/index.js';
import type { OptionalQuantity, PhaseName, StageDimension, StageSample } from '../../model/index.js';
import { type Cell, type CellFigure, cellFigure, cellsOf, mean, usualColdShare, usualWork } from './cells.js';
import { energySamples } from './energy-samples.js';
import { chooseMachine, type MachineHint } from './find-machine.js';
import { fitQuantity, type QuantityFit } from './fit-quantity.js';
import { lawValue } from './law.js';
import { fitPhase, type PhaseLaw } from './phase-law.js';
import type { StagePoint } from './prediction-input.js';
import type { QuantityModel } from './quantity-model.js';
import { fitRate, type RateLaw } from './rate-law.js';
import { type Situation, situationOf } from './situation.js';
import { type Range, STAGE_MODEL_VERSION, type StageModelData } from './stage-model.js';
import { type Basics, LAW_TERMS, NO_BASICS, type Quantity, type TermName, termValues } from './terms.js';

export interface FitOptions {
  /** What the invocations share: found from the times when not given. */
  readonly machine?: MachineHint;
}

const PHASES = {
  cold_start: 'coldStartSeconds',
  read: 'readSeconds',
  compute: 'computeSeconds',
  write: 'writeSeconds',
} as const satisfies Record<PhaseName, Quantity>;
const PHASE_ENTRIES = Object.entries(PHASES) as readonly [PhaseName, (typeof PHASES)[PhaseName]][];

const busySeconds = (sample: StageSample): number =>
  Object.values(PHASES).reduce((sum, quantity) => sum + sample[quantity], 0);

/** A sample that a model can learn from. */
const isSound = ({ warmUp, wallSeconds, cpuSeconds, invocations, configuration }: StageSample): boolean =>
  !warmUp &&
  wallSeconds > 0 &&
  (cpuSeconds === undefined || cpuSeconds >= 0) &&
  invocations > 0 &&
  [wallSeconds, ...Object.values(configuration)].every(Number.isFinite) &&
  configuration.cpu > 0 &&
  configuration.memoryMib > 0 &&
  configuration.workers > 0;

/** The models of one stage, from what it took in the runs so far. Warm-ups are left out. */
export function fitStage(all: readonly StageSample[], options: FitOptions = {}): StageModelData {
  const samples = all.filter(isSound);
  const [first] = samples;
  if (first === undefined)
    throw new WattloopError(
      ErrorCode.badInput,
      `stage "${all[0]?.stage ?? ''}" has no sample to learn from`,
      { remedy: 'Run the workflow, or characterise it, at least once beyond its warm-up' },
    );
  const cells = cellsOf(samples);
  const machine = chooseMachine(cells, options.machine);
  const fitting = new StageFitting(
    cells,
    cells.map(({ point }) => situationOf(point, machine)),
  );
  const energy = energySamples(samples);
  const quantities = fitting.quantities(energy.joulesOf);
  const { wallSeconds, cpuSeconds, joules, carbonGrams, costUsd } = quantities;
  if (wallSeconds === undefined)
    throw new WattloopError(ErrorCode.internal, `stage "${first.stage}" has no time to learn from`);
  const absent: Partial<Record<OptionalQuantity, string>> = {
    ...(!joules && { joules: energy.absent ?? 'its energy is not known' }),
    ...(!carbonGrams && { carbonGrams: 'no sample tells its carbon' }),
    ...(!costUsd && { costUsd: 'no sample tells its cost' }),
  };
  const { source, provenance } = energy;
  return {
    version: STAGE_MODEL_VERSION,
    workflow: first.workflow,
    stage: first.stage,
    samples: samples.length,
    configurations: new Set(cells.map(({ group }) => group)).size,
    machine,
    usual: { work: usualWork(samples), coldShare: usualColdShare(samples) },
    isWorkCounted: samples.every(({ work }) => work !== undefined && work > 0),
    seen: {
      cpu: rangeOf(cells, 'cpu'),
      memoryMib: rangeOf(cells, 'memoryMib'),
      workers: rangeOf(cells, 'workers'),
      work: rangeOf(cells, 'work'),
    },
    cells: cells.map(({ point }) => point),
    wallSeconds,
    ...(cpuSeconds && { cpuSeconds }),
    phases: fitting.phaseLaws(),
    ...(joules && { joules }),
    ...(carbonGrams && { carbonGrams }),
    ...(costUsd && { costUsd }),
    absent,
    ...(source && { source }),
    ...(provenance && { provenance }),
  };
}

const rangeOf = (cells: readonly Cell[], dimension: StageDimension & keyof StagePoint): Range => {
  const values = cells.map(({ point }) => point[dimension]);
  return [Math.min(...values), Math.max(...values)];
};

/** One stage's cells, and the laws that others build on. */
class StageFitting {
  readonly #cells: readonly Cell[];
  readonly #situations: readonly Situation[];
  readonly #phases: ReadonlyMap<PhaseName, PhaseLaw>;

  constructor(cells: readonly Cell[], situations: readonly Situation[]) {
    this.#cells = cells;
    this.#situations = situations;
    this.#phases = new Map(
      PHASE_ENTRIES.map(([phase, quantity]) => {
        const terms = LAW_TERMS[quantity];
        return [phase, fitPhase(terms, cells, this.#features(terms), (sample) => sample[quantity])];
      }),
    );
  }

  phaseLaws(): StageModelData['phases'] {
    const law = (phase: PhaseName) =>
      this.#phases.get(phase) ?? { terms: [], coefficients: [], deviation: 0 };
    return { cold_start: law('cold_start'), read: law('read'), compute: law('compute'), write: law('write') };
  }

  #features(terms: readonly TermName[], basics?: readonly Basics[]): Float64Array[] {
    return this.#situations.map((situation, i) => termValues(terms, situation, basics?.[i] ?? NO_BASICS));
  }

  #figures(of: (sample: StageSample) => number | undefined): (CellFigure | undefined)[] {
    return this.#cells.map((cell) => cellFigure(cell, of));
  }

  #direct(quantity: 'wallSeconds' | 'cpuSeconds', tryProcess: boolean): QuantityFit | undefined {
    const terms = LAW_TERMS[quantity];
    const features = this.#features(terms);
    return fitQuantity({
      terms,
      cells: this.#cells,
      figures: this.#figures((sample) => sample[quantity]),
      learnt: features,
      predicted: features,
      heldOut: features,
      tryProcess,
    });
  }

  quantities(joulesOf: (sample: StageSample) => number | undefined) {
    const wallSeconds = this.#direct('wallSeconds', true);
    const cpuSeconds = this.#direct('cpuSeconds', false);
    const seen = this.#cells.map(
      ({ samples }): Basics => ({
        wallSeconds: mean(samples.map((sample) => sample.wallSeconds)),
        cpuSeconds: meanOfKnown(samples.map((sample) => sample.cpuSeconds)),
        busySeconds: mean(samples.map(busySeconds)),
        joules: meanOfKnown(samples.map(joulesOf)),
      }),
    );
    const busyTerms = PHASE_ENTRIES.map(([phase, quantity]) => ({
      features: this.#features(LAW_TERMS[quantity]),
      law: this.#phases.get(phase),
    }));
    const busy = this.#cells.map((_, i) =>
      sum(busyTerms, ({ features, law }) => lawValue(law?.coefficients ?? [], features[i] ?? EMPTY)),
    );
    const said: Basics[] = this.#cells.map((_, i) => ({
      wallSeconds: this.#lawAt(wallSeconds?.model, i),
      cpuSeconds: this.#lawAt(cpuSeconds?.model, i),
      busySeconds: busy[i] ?? 0,
      joules: Number.NaN,
    }));
    // Where nothing could be left out, what the whole says must do.
    const known = (value: number | undefined, otherwise: number): number =>
      value === undefined || Number.isNaN(value) ? otherwise : value;
    const heldOut: Basics[] = said.map((own, i) => ({
      wallSeconds: known(wallSeconds?.heldOutLaw[i], own.wallSeconds),
      cpuSeconds: known(cpuSeconds?.heldOutLaw[i], own.cpuSeconds),
      busySeconds: own.busySeconds,
      joules: Number.NaN,
    }));
    const terms = LAW_TERMS.joules;
    const joules = fitQuantity({
      terms,
      cells: this.#cells,
      figures: this.#figures(joulesOf),
      learnt: this.#features(terms, seen),
      predicted: this.#features(terms, said),
      heldOut: this.#features(terms, heldOut),
      tryProcess: true,
    });
    const rate = (quantity: 'carbonGrams' | 'costUsd'): RateLaw | undefined =>
      fitRate(
        LAW_TERMS[quantity],
        this.#cells,
        this.#features(LAW_TERMS[quantity], seen),
        (sample) => sample[quantity],
      );
    return {
      wallSeconds: wallSeconds?.model,
      cpuSeconds: cpuSeconds?.model,
      joules: joules?.model,
      carbonGrams: joules && rate('carbonGrams'),
      costUsd: rate('costUsd'),
    };
  }

  #lawAt(model: QuantityModel | undefined, i: number): number {
    const situation = this.#situations[i];
    if (model === undefined || situation === undefined) return 0;
    return lawValue(model.law.coefficients, termValues(model.law.terms, situation));
  }
}

const EMPTY = new Float64Array(0);
const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);

function meanOfKnown(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? mean(known) : Number.NaN;
}
