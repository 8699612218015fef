import { statistics } from '../../maths/index.js';
import { type Domain, JOULES_PER_KILOWATT_HOUR, type SourceName, type Usage } from '../../model/index.js';
import { candidatesOf, choosePrimary } from '../compare/choose.js';
import { disagreements } from '../compare/disagreement.js';
import type { Meter } from '../meter.js';
import type { AbsentSource } from '../meter-reading.js';
import type { SpanEnergy } from '../span/span.js';
import type { MethodUsage } from './follow.js';
import type { Exit } from './launch.js';
import type { MeasuredEnergy, Measurement } from './result.js';
import type { CommandRun } from './run-once.js';

export interface SummaryOptions {
  readonly meter: Pick<Meter, 'absent' | 'energySources'>;
  readonly primary: readonly SourceName[];
  readonly disagreementWarning: number;
  readonly carbonIntensity: number;
  readonly pue?: number;
  /** Why idle power is unknown, where it is. */
  readonly idleUnknown: string;
}

const keyOf = (energy: { source: SourceName; domain: Domain }): string => `${energy.source} ${energy.domain}`;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean of a figure over the runs in which it was known; undefined when it was unknown in any. */
function meanIfKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && known.length > 0 ? mean(known) : undefined;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

const USAGE_MEANS = [
  'cycles',
  'instructions',
  'llcMisses',
  'contextSwitches',
  'memoryPeakMib',
  'readBytes',
  'writtenBytes',
] as const satisfies readonly (keyof Usage)[];

function meanUsage(usages: readonly Usage[]): Usage {
  const figures = USAGE_MEANS.flatMap((key) => {
    const value = meanIfKnown(usages.map((usage) => usage[key]));
    return value === undefined ? [] : [[key, value] as const];
  });
  return { cpuSeconds: mean(usages.map(({ cpuSeconds }) => cpuSeconds)), ...Object.fromEntries(figures) };
}

/** Of several runs the first that failed, else the last: a failure is never hidden by a later success. */
function exitOf(runs: readonly CommandRun[], last: CommandRun): Exit {
  if (last.interrupted) return last.exit;
  return (runs.find(({ exit }) => exit.code !== 0) ?? last).exit;
}

/** Sources that are open and gave no figure in any run. */
function silent(runs: readonly CommandRun[], { energySources }: SummaryOptions['meter']): AbsentSource[] {
  const heard = new Set(runs.flatMap(({ energies }) => energies.map(({ source }) => source)));
  return energySources
    .filter(({ name }) => !heard.has(name))
    .map(({ name }) => ({
      name,
      reason: 'it gave no figure while the command ran',
      remedy: 'See the lines that it logged, or try again',
    }));
}

/** What all runs say together: means, and how far they can be trusted. */
export function summarize(
  command: readonly string[],
  runs: readonly CommandRun[],
  options: SummaryOptions,
): Measurement {
  const last = runs.at(-1);
  if (last === undefined) throw new RangeError('a command is measured at least once');
  // A run that was cut short is reported, but is no sample of what the command takes, where there are others.
  const whole = runs.filter(({ interrupted }) => !interrupted);
  const counted = whole.length > 0 ? whole : runs;
  const byKey = groupBy<SpanEnergy>(
    counted.flatMap(({ energies }) => energies),
    keyOf,
  );
  const primary = choosePrimary(candidatesOf(byKey.flatMap((all) => all.slice(0, 1))), options.primary);
  const counts = (energy: { source: SourceName; domain: Domain }): boolean =>
    energy.source === primary?.source && primary.domains.includes(energy.domain);
  const joulesOf = (run: CommandRun): number | undefined => {
    const own = run.energies.filter(counts);
    return own.length === 0
      ? undefined
      : own.reduce((sum, energy) => sum + energy.joules + (energy.idleJoules ?? 0), 0);
  };
  const energy = byKey.flatMap((all): MeasuredEnergy[] => {
    const [first] = all;
    if (first === undefined) return [];
    const { source, domain, provenance, uncertainty } = first;
    return [
      {
        ...{ source, domain, provenance, uncertainty },
        nodeJoules: mean(all.map((one) => one.nodeJoules)),
        joules: mean(all.map((one) => one.joules)),
        idleJoules: meanIfKnown(all.map((one) => one.idleJoules)),
        statistics: statistics(all.map((one) => one.joules)),
        primary: counts(first),
      },
    ];
  });
  const { pue = 1 } = options;
  const own = statistics(counted.map(joulesOf).filter((value) => value !== undefined));
  const wall = counted.map(({ wallSeconds }) => wallSeconds);
  const cpu = counted.map(({ cpuSeconds }) => cpuSeconds);
  const peaks = runs.map(({ memoryPeakMib }) => memoryPeakMib).filter((peak) => peak !== undefined);
  return {
    command,
    exit: exitOf(runs, last),
    wallSeconds: mean(wall),
    cpuSeconds: mean(cpu),
    memoryPeakMib: peaks.length > 0 ? Math.max(...peaks) : undefined,
    usages: groupBy<MethodUsage>(
      counted.flatMap(({ usages }) => usages),
      ({ source }) => source,
    ).flatMap((all) =>
      all.slice(0, 1).map(({ source }) => ({ source, usage: meanUsage(all.map(({ usage }) => usage)) })),
    ),
    energy,
    primary: primary?.source,
    primaryReason: primary?.reason,
    disagreements: disagreements(
      energy.map(({ source, domain, nodeJoules }) => ({ source, domain, joules: nodeJoules })),
    ).map((pair) => ({ ...pair, warn: pair.relative > options.disagreementWarning })),
    joules: own?.mean,
    carbonGrams: own && ((own.mean * pue) / JOULES_PER_KILOWATT_HOUR) * options.carbonIntensity,
    carbonIntensity: options.carbonIntensity,
    pue,
    statistics: { wallSeconds: statistics(wall), cpuSeconds: statistics(cpu), joules: own },
    repeats: runs.map((run) => ({
      exit: run.exit,
      wallSeconds: run.wallSeconds,
      cpuSeconds: run.cpuSeconds,
      joules: joulesOf(run),
      interrupted: run.interrupted,
    })),
    outlived: runs.flatMap(({ outlived }) => outlived),
    absent: [...options.meter.absent, ...silent(runs, options.meter)],
    idleUnknown: energy.some((one) => one.idleJoules === undefined) ? options.idleUnknown : undefined,
    interrupted: last.interrupted,
  };
}
