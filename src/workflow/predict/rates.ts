import { invocationCost, operationalGrams, type PriceTable } from '../../footprint/index.js';
import type { PredictedFigure, StagePrediction } from '../../model/index.js';

/** What energy and functions cost where the prediction is for. What is not given is as it was where the samples come from. */
export interface Rates {
  readonly prices?: PriceTable;
  readonly gramsPerKilowattHour?: number;
  readonly pue?: number;
}

/** The prediction with carbon and cost by other rates. */
export function rated(
  prediction: StagePrediction,
  { prices, gramsPerKilowattHour, pue }: Rates,
): StagePrediction {
  const { joules, absent } = prediction;
  const grams =
    gramsPerKilowattHour === undefined || joules === undefined
      ? undefined
      : mapped(joules, (value) => operationalGrams(value, gramsPerKilowattHour, pue));
  const cost = prices && costOf(prediction, prices);
  const { carbonGrams: noCarbon, costUsd: noCost, ...others } = absent;
  return {
    ...prediction,
    ...(grams && { carbonGrams: grams }),
    ...(cost && { costUsd: cost }),
    absent: {
      ...others,
      ...(!grams && noCarbon !== undefined && { carbonGrams: absent.joules ?? noCarbon }),
      ...(!cost && noCost !== undefined && { costUsd: noCost }),
    },
  };
}

const mapped = (
  { mean, deviation, interval95 }: PredictedFigure,
  of: (value: number) => number,
): PredictedFigure => ({
  mean: of(mean),
  deviation: of(deviation),
  interval95: { low: of(interval95.low), high: of(interval95.high) },
});

/** Every invocation as long as the usual one; it is as uncertain as the stage's time is. */
function costOf(
  { configuration, phases, wallSeconds }: StagePrediction,
  prices: PriceTable,
): PredictedFigure {
  const { workers, memoryMib, cpu } = configuration;
  const seconds = Object.values(phases).reduce((sum, { mean }) => sum + mean, 0) / workers;
  const priced = (part: number): number =>
    workers *
    invocationCost(prices, {
      seconds: seconds * part,
      memoryMib,
      // Some tables charge the processors that one asks for, others those that come with the memory.
      ...(prices.cpu?.unit === 'vCPU' && { cpus: cpu }),
    }).total;
  const { mean, deviation, interval95 } = wallSeconds;
  const cost = priced(1);
  return {
    mean: cost,
    deviation: priced(1 + deviation / mean) - cost,
    interval95: { low: priced(interval95.low / mean), high: priced(interval95.high / mean) },
  };
}
