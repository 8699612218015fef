import type { LambdaEstimate } from '../../model/index.js';
import { figure } from './figure.js';

/** An estimate on AWS Lambda as a document. */
export const lambdaEstimateJson = (estimate: LambdaEstimate): object => ({
  invocations: estimate.invocations,
  options: estimate.options.map((option) => ({
    memory_mib: option.memoryMib,
    architecture: option.architecture,
    vcpus: figure(option.vcpus),
    total_seconds: figure(option.totalSeconds),
    longest_seconds: figure(option.longestSeconds),
    cost_usd: figure(option.costUsd),
    joules: figure(option.joules),
    carbon_grams: figure(option.carbonGrams),
    best: option.best,
    impossible: option.impossible ?? null,
  })),
  energy: estimate.energy,
  carbon_g_per_kwh: estimate.gramsPerKilowattHour,
  pue: estimate.pue,
  assumptions: estimate.assumptions,
});
