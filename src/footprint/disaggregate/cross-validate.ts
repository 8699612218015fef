import { fitPower } from './fit-power.js';
import type { FitOptions, PowerData, PowerFit } from './power-data.js';

/** The record is cut into so many blocks of time, of which every `FOLDS`-th is left out at once. */
const BLOCKS = 12;
const FOLDS = 4;
const ROUNDS = 4;

/** Squared error of each block when it was not fitted, per sample; blocks without samples are left out as NaN. */
export function blockErrors(data: PowerData, options: FitOptions, whole: PowerFit): Float64Array {
  const used = Uint32Array.from(data.watts.keys()).filter(
    (i) => Number.isFinite(data.watts[i]) && Number.isFinite(whole.predicted[i]),
  );
  const blockOf = (rank: number): number => Math.floor((rank * BLOCKS) / used.length);
  const sums = new Float64Array(BLOCKS);
  const counts = new Float64Array(BLOCKS);
  for (let fold = 0; fold < FOLDS; fold++) {
    const watts = Float64Array.from(data.watts);
    for (const [rank, i] of used.entries()) if (blockOf(rank) % FOLDS === fold) watts[i] = Number.NaN;
    const fit = fitPower({ ...data, watts }, { ...options, start: whole, rounds: ROUNDS, errors: false });
    for (const [rank, i] of used.entries()) {
      const block = blockOf(rank);
      if (block % FOLDS !== fold) continue;
      sums[block] = (sums[block] ?? 0) + ((data.watts[i] ?? 0) - (fit.predicted[i] ?? 0)) ** 2;
      counts[block] = (counts[block] ?? 0) + 1;
    }
  }
  return sums.map((sum, block) => sum / (counts[block] ?? 0));
}

export interface Rival {
  /** Mean squared error over the blocks. */
  readonly error: number;
  /** By how much it is worse than the best, in standard errors of that difference. */
  readonly deviations: number;
}

/** Holds candidates against the one that predicts best, block by block. */
export function rivals(errors: readonly Float64Array[]): Rival[] {
  const means = errors.map((blocks) => meanOf(blocks));
  const best = errors[means.indexOf(Math.min(...means))] ?? new Float64Array(0);
  return errors.map((blocks, k) => {
    const differences = blocks.map((value, b) => value - (best[b] ?? 0)).filter(Number.isFinite);
    const mean = meanOf(differences);
    const variance =
      differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, differences.length - 1);
    const error = Math.sqrt(variance / Math.max(1, differences.length));
    return { error: means[k] ?? Number.NaN, deviations: mean <= 0 ? 0 : mean / Math.max(error, 1e-12) };
  });
}

function meanOf(values: Float64Array): number {
  const good = values.filter(Number.isFinite);
  return good.reduce((sum, value) => sum + value, 0) / Math.max(1, good.length);
}
