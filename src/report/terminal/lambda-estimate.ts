import type { LambdaEstimate, LambdaOption } from '../../model/index.js';
import { grams, joules, percent, seconds } from './figures.js';
import { dollars } from './money.js';
import { table } from './table.js';

const MERITS = { cost: 'cheapest', time: 'fastest', energy: 'least energy' } as const;

/** What to know of a size: by what it is the best, or why it can't be had. */
export const lambdaRemark = ({ best, impossible }: LambdaOption): string =>
  impossible ?? best.map((merit) => MERITS[merit]).join(', ');

/** What the estimates of energy are made of. */
export const lambdaModel = ({ energy: { provenance, model, uncertainty, source } }: LambdaEstimate): string =>
  `Energy is ${provenance}, ± ${percent(uncertainty)}: ${model} (${source})`;

/** A run on AWS Lambda, by size. */
export function lambdaEstimateText(estimate: LambdaEstimate): string {
  const rows = estimate.options.map((option) => [
    option.memoryMib,
    option.architecture,
    option.vcpus.toFixed(2),
    seconds(option.totalSeconds),
    seconds(option.longestSeconds),
    dollars(option.costUsd),
    joules(option.joules),
    grams(option.carbonGrams),
    lambdaRemark(option),
  ]);
  const header = ['MIB', 'ARCHITECTURE', 'VCPUS', 'TIME', 'LONGEST', 'COST', 'ENERGY', 'CO2E', ''];
  const count = estimate.invocations === 1 ? '1 invocation' : `${estimate.invocations} invocations`;
  return [
    `On AWS Lambda, ${count}; times are summed, longest is one invocation's:`,
    '',
    table(header, rows),
    '',
    lambdaModel(estimate),
    `Assumed: ${estimate.assumptions.join('; ')}`,
  ].join('\n');
}
