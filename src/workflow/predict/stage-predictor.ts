import type { GaussianProcess } from '../../maths/index.js';
import type { ModelErrors, PhaseName, PredictedFigure, StagePrediction } from '../../model/index.js';
import { extrapolationOf } from './extrapolation.js';
import { lawValue } from './law.js';
import { phaseFigure } from './phase-law.js';
import { type PredictionInput, pointOf, type StagePoint } from './prediction-input.js';
import {
  type LogPrediction,
  logNormalFigure,
  predictLogarithm,
  processOf,
  type QuantityModel,
  type SeenCells,
} from './quantity-model.js';
import { type RateLaw, rateFigure } from './rate-law.js';
import { type Situation, situationOf } from './situation.js';
import type { StageModelData } from './stage-model.js';
import { type Basics, NO_BASICS, termValues } from './terms.js';

/** A stage that can be predicted. */
export interface StageModel {
  readonly data: StageModelData;
  predict(input: PredictionInput): StagePrediction;
}

/** Work counts as the same within this part: counts of rows or frames differ a little. */
const SAME_WORK = 0.05;

const MADE = new WeakMap<StageModelData, StageModel>();

/** Makes a model of its data, fitted now or read from where it was kept; the same one for the same data. */
export function stageModel(data: StageModelData): StageModel {
  const model = MADE.get(data) ?? makeModel(data);
  MADE.set(data, model);
  return model;
}

function makeModel(data: StageModelData): StageModel {
  const processes = new Map<QuantityModel, GaussianProcess | undefined>();
  for (const model of [data.wallSeconds, data.joules]) if (model) processes.set(model, processOf(model));

  const logarithm = (
    model: QuantityModel,
    point: StagePoint,
    situation: Situation,
    basics: Basics,
    seen?: SeenCells,
  ) =>
    predictLogarithm(
      model,
      point,
      termValues(model.law.terms, situation, basics),
      seen,
      processes.get(model),
    );

  return {
    data,
    predict(input) {
      const point = pointOf(data.isWorkCounted ? input : withoutWork(input), data.usual);
      const situation = situationOf(point, data.machine);
      const seen = seenCells(data.cells, point);
      const law = (model: QuantityModel | undefined, basics: Basics = NO_BASICS): number =>
        model ? lawValue(model.law.coefficients, termValues(model.law.terms, situation, basics)) : 0;
      const phaseOf = (name: PhaseName, part: number): PredictedFigure =>
        phaseFigure(data.phases[name], termValues(data.phases[name].terms, situation), part);
      const phasesOf = (part: number): StagePrediction['phases'] => ({
        cold_start: phaseOf('cold_start', part),
        read: phaseOf('read', part),
        compute: phaseOf('compute', part),
        write: phaseOf('write', part),
      });
      // Energy was learnt over what the laws say.
      const basics: Basics = {
        wallSeconds: law(data.wallSeconds),
        cpuSeconds: law(data.cpuSeconds),
        busySeconds: busyOf(phasesOf(1)),
        joules: Number.NaN,
      };
      const said = (model: QuantityModel): LogPrediction => logarithm(model, point, situation, basics, seen);
      const time = said(data.wallSeconds);
      const energy = data.joules && said(data.joules);
      const wallSeconds = logNormalFigure(time);
      const joules = energy && logNormalFigure(energy);
      const cpuSeconds = data.cpuSeconds && logNormalFigure(said(data.cpuSeconds));
      // Where the whole takes longer than its law says, so do its parts.
      const phases = phasesOf(Math.exp(time.centre) / basics.wallSeconds);
      const expected: Basics = {
        wallSeconds: wallSeconds.mean,
        cpuSeconds: cpuSeconds?.mean ?? Number.NaN,
        busySeconds: busyOf(phases),
        joules: joules?.mean ?? Number.NaN,
      };
      const rate = (
        own: RateLaw | undefined,
        follows: PredictedFigure | undefined,
      ): PredictedFigure | undefined =>
        own && follows && rateFigure(own, termValues(own.terms, situation, expected), follows);
      const carbonGrams = rate(data.carbonGrams, joules);
      const costUsd = rate(data.costUsd, wallSeconds);
      const extrapolation = extrapolationOf(
        data,
        point,
        seen?.isExact === true,
        Math.max(time.distance ?? 0, energy?.distance ?? 0),
      );
      const errors = (model: QuantityModel | undefined): ModelErrors | undefined => model?.errors[model.kind];
      const [timeErrors, energyErrors] = [errors(data.wallSeconds), errors(data.joules)];
      return {
        stage: data.stage,
        configuration: input.configuration,
        ...(data.isWorkCounted && { work: point.work }),
        wallSeconds,
        ...(cpuSeconds && { cpuSeconds }),
        phases,
        ...(joules && { joules }),
        ...(carbonGrams && { carbonGrams }),
        ...(costUsd && { costUsd }),
        absent: data.absent,
        ...(data.source && { source: data.source }),
        ...(data.provenance && { provenance: data.provenance }),
        timeKind: data.wallSeconds.kind,
        ...(data.joules && { energyKind: data.joules.kind }),
        ...(timeErrors && { timeErrors }),
        ...(energyErrors && { energyErrors }),
        samples: data.samples,
        configurations: data.configurations,
        ...(extrapolation && { extrapolation }),
      };
    },
  };
}

const busyOf = (phases: StagePrediction['phases']): number =>
  Object.values(phases).reduce((sum, { mean }) => sum + mean, 0);

const withoutWork = ({ work: _, ...input }: PredictionInput): PredictionInput => input;

/** Cells just like the point, else all of its configuration. */
function seenCells(cells: readonly StagePoint[], point: StagePoint): SeenCells | undefined {
  const own = [...cells.keys()].filter((i) => {
    const cell = cells[i];
    return cell?.cpu === point.cpu && cell.memoryMib === point.memoryMib && cell.workers === point.workers;
  });
  if (own.length === 0) return undefined;
  const exact = own.filter((i) => {
    const { work, coldShare } = cells[i] ?? point;
    return Math.abs(work - point.work) <= SAME_WORK * work && coldShare > 0 === point.coldShare > 0;
  });
  return exact.length > 0 ? { cells: exact, isExact: true } : { cells: own, isExact: false };
}
