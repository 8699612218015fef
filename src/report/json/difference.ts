import type { MeanRatio } from '../../maths/index.js';
import type { Configuration, Difference } from '../../model/index.js';
import { figure } from './figure.js';

export const configurationJson = ({ workers, cpu, memoryMib }: Configuration): object => ({
  workers,
  cpu,
  memory_mib: memoryMib,
});

export const intervalJson = ({ value, low, high }: MeanRatio): object => ({
  value: figure(value),
  low: figure(low),
  high: figure(high),
});

export const differenceJson = (difference: Difference): object => ({
  counts: difference.counts,
  means: difference.means.map(figure),
  difference: figure(difference.value),
  difference_low: figure(difference.low),
  difference_high: figure(difference.high),
  ratio: difference.ratio === undefined ? null : intervalJson(difference.ratio),
  // Null where there is a difference and no spread at all.
  t: figure(difference.t),
  degrees_of_freedom: figure(difference.degreesOfFreedom),
  p: figure(difference.p),
  p_holm: figure(difference.adjustedP),
  significant: difference.isSignificant,
  cohens_d: figure(difference.effect?.cohensD),
  hedges_g: figure(difference.effect?.hedgesG),
  hedges_g_low: figure(difference.effect?.low),
  hedges_g_high: figure(difference.effect?.high),
  effect: difference.effectWord ?? null,
});
