import {
  billedUsageOf,
  chooseIntensity,
  type IntensitySettings,
  monthlyCost,
  operationalGrams,
  priceTable,
  pueOf,
} from '../../footprint/index.js';
import type { LambdaArchitecture, LambdaEstimate, LambdaMerit, LambdaOption } from '../../model/index.js';
import { ENERGY_MODEL, lambdaJoules } from './lambda-energy.js';
import { LONGEST_SECONDS, MEMORY_SIZES_MIB, vcpusOf } from './lambda-platform.js';
import { cpuSecondsOf, type LambdaWork, secondsWith } from './lambda-work.js';

export interface LambdaEstimateOptions {
  readonly memoryMib?: readonly number[];
  readonly architectures?: readonly LambdaArchitecture[];
  /** The grid of the region; the world's mean when not given. */
  readonly carbon?: IntensitySettings;
}

const PRICES: Readonly<Record<LambdaArchitecture, string>> = {
  x86_64: 'aws-lambda-x86',
  arm64: 'aws-lambda-arm',
};

const ASSUMPTIONS = [
  'a processor there does as much in a second as one here, arm64 as much as x86_64',
  'reads and writes take as long as here, as does what waited, for processors that others had too',
  'functions are warm: what a start takes there is not known here',
  'nothing is free: the monthly allowance is left out',
];

type Size = Omit<LambdaOption, 'best'>;

interface Merit {
  readonly name: LambdaMerit;
  readonly figure: (size: Size) => number;
  /** How much worse, relatively, still counts as the same. */
  readonly tolerance: number;
  /** What then decides. */
  readonly tieBreak: (size: Size) => number;
}

// More processors than the work can use make no difference but that of the shortest parts: what is as fast may be far cheaper.
const MERITS: readonly Merit[] = [
  {
    name: 'cost',
    figure: ({ costUsd }) => costUsd,
    tolerance: 0,
    tieBreak: ({ totalSeconds }) => totalSeconds,
  },
  {
    name: 'time',
    figure: ({ totalSeconds }) => totalSeconds,
    tolerance: 0.02,
    tieBreak: ({ costUsd }) => costUsd,
  },
  {
    name: 'energy',
    figure: ({ joules }) => joules,
    tolerance: 0,
    tieBreak: ({ totalSeconds }) => totalSeconds,
  },
];

const least = (sizes: readonly Size[], figure: (size: Size) => number): number =>
  sizes.reduce((most, size) => Math.min(most, figure(size)), Number.POSITIVE_INFINITY);

function bestOf(sizes: readonly Size[], { figure, tolerance, tieBreak }: Merit): Size | undefined {
  const bound = least(sizes, figure) * (1 + tolerance);
  const good = sizes.filter((size) => figure(size) <= bound);
  const [best] = good.filter((size) => tieBreak(size) <= least(good, tieBreak)).sort(bySize);
  return best;
}

const bySize = (a: Size, b: Size): number => a.memoryMib - b.memoryMib;

const hasAll = (work: readonly LambdaWork[]): boolean =>
  work.every(({ memoryPeakMib }) => memoryPeakMib !== undefined);

function reasonAgainst(memoryMib: number, peakMib: number, longestSeconds: number): string | undefined {
  if (peakMib > memoryMib) return `${Math.ceil(peakMib)} MiB were needed`;
  return longestSeconds > LONGEST_SECONDS ? `longer than ${LONGEST_SECONDS} s` : undefined;
}

/** What the same invocations would take on AWS Lambda, by size of memory and kind of processor. */
export function lambdaEstimate(
  work: readonly LambdaWork[],
  {
    memoryMib: sizes = MEMORY_SIZES_MIB,
    architectures = ['x86_64', 'arm64'],
    carbon = {},
  }: LambdaEstimateOptions = {},
): LambdaEstimate {
  const { gramsPerKilowattHour, origin } = chooseIntensity(carbon);
  const pue = pueOf('aws')?.pue ?? 1;
  const peakMib = work.reduce((most, { memoryPeakMib = 0 }) => Math.max(most, memoryPeakMib), 0);
  const cpuSeconds = work.reduce((sum, each) => sum + cpuSecondsOf(each), 0);

  const options = sizes.flatMap((memoryMib): Size[] => {
    const vcpus = vcpusOf(memoryMib);
    const durations = Float64Array.from(work, (each) => secondsWith(each, vcpus));
    const totalSeconds = durations.reduce((sum, seconds) => sum + seconds, 0);
    const longestSeconds = durations.reduce((most, seconds) => Math.max(most, seconds), 0);
    const impossible = reasonAgainst(memoryMib, peakMib, longestSeconds);
    return architectures.map((architecture) => {
      const table = priceTable(PRICES[architecture]);
      const joules = lambdaJoules(architecture, { vcpus, memoryMib, seconds: totalSeconds }, cpuSeconds);
      return {
        memoryMib,
        architecture,
        vcpus,
        totalSeconds,
        longestSeconds,
        costUsd: monthlyCost(table, billedUsageOf(table, durations, { memoryMib })).total,
        joules,
        carbonGrams: operationalGrams(joules, gramsPerKilowattHour, pue),
        ...(impossible !== undefined && { impossible }),
      };
    });
  });

  const possible = work.length > 0 ? options.filter((size) => size.impossible === undefined) : [];
  const winners = MERITS.map((merit) => [merit.name, bestOf(possible, merit)] as const);
  const rank = (a: Size, b: Size): number =>
    Number(a.impossible !== undefined) - Number(b.impossible !== undefined) ||
    a.costUsd - b.costUsd ||
    bySize(a, b);
  return {
    invocations: work.length,
    options: options.sort(rank).map((size) => ({
      ...size,
      best: winners.filter(([, winner]) => winner === size).map(([merit]) => merit),
    })),
    energy: ENERGY_MODEL,
    gramsPerKilowattHour,
    pue,
    assumptions: [
      ...ASSUMPTIONS,
      `the grid: ${origin}; the building as AWS's on the whole, PUE ${pue}`,
      ...(hasAll(work) ? [] : ['how much memory is needed is not known of every invocation']),
    ],
  };
}
