import type { Host } from '../../base/index.js';
import { type Domain, JOULES_PER_KILOWATT_HOUR, type SourceName } from '../../model/index.js';
import { candidatesOf, choosePrimary } from '../choose.js';
import { disagreements } from '../disagreement.js';
import { Meter } from '../meter.js';
import type { Source } from '../source.js';
import type { SpanEnergy } from '../span.js';
import { type Baseline, measureBaseline } from './baseline.js';
import type { Launched } from './launch.js';
import type { MeasuredEnergy, Measurement } from './result.js';
import { type ChildrenUsage, type CommandRun, runOnce } from './run-once.js';
import { statistics } from './statistics.js';

export interface MeasureOptions {
  readonly methods?: readonly SourceName[] | undefined;
  readonly primary: readonly SourceName[];
  readonly intervalSeconds: number;
  readonly repeat: number;
  /** Seconds to watch the machine before the command, when a source does not know what it draws idle. 0: not at all. */
  readonly baselineSeconds: number;
  readonly disagreementWarning: number;
  readonly carbonIntensity: number;
  readonly logicalCpus: number;
  readonly stdoutToStderr: boolean;
  /** Ends the repetitions after the current run. */
  readonly signal?: AbortSignal;
  readonly onStart?: (launched: Launched) => void;
  /** Told after each repetition. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly childrenUsage: () => ChildrenUsage;
}

/** Runs a command under every method that works here, as often as asked, and says what it took. */
export async function measure(
  host: Host,
  sources: readonly Source[],
  command: readonly [string, ...string[]],
  options: MeasureOptions,
): Promise<Measurement> {
  let baseline: Baseline = { idleWatts: () => undefined, reason: 'it was not measured (baseline 0)' };
  const { methods, intervalSeconds } = options;
  const meter = await Meter.open(host, sources, {
    methods,
    intervalSeconds,
    idleWatts: (source, domain) => baseline.idleWatts(source, domain),
  });
  try {
    await meter.ready();
    const needed = meter.energySources.some((source) => source.idleWatts === undefined);
    if (needed && options.baselineSeconds > 0) {
      baseline = await measureBaseline(host, meter, options.logicalCpus, options.baselineSeconds);
    }
    const runs: CommandRun[] = [];
    while (runs.length < options.repeat && !(runs.length > 0 && options.signal?.aborted)) {
      runs.push(await runOnce(host, meter, command, options, options.childrenUsage));
      options.onProgress?.(runs.length, options.repeat);
    }
    return summarize(command, runs, meter, baseline, options);
  } finally {
    await meter.close();
  }
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

function summarize(
  command: readonly string[],
  runs: readonly CommandRun[],
  meter: Meter,
  baseline: Baseline,
  options: MeasureOptions,
): Measurement {
  const last = runs.at(-1);
  if (last === undefined) throw new RangeError('a command is measured at least once');
  const byKey = new Map<string, SpanEnergy[]>();
  for (const run of runs) {
    for (const energy of run.energies)
      byKey.set(keyOf(energy), [...(byKey.get(keyOf(energy)) ?? []), energy]);
  }
  const candidates = candidatesOf([...byKey.values()].flatMap((all) => all.slice(0, 1)));
  const primary = choosePrimary(candidates, options.primary);
  const counts = (energy: { source: SourceName; domain: Domain }): boolean =>
    energy.source === primary?.source && primary.domains.includes(energy.domain);
  const joulesOf = (run: CommandRun): number | undefined => {
    const own = run.energies.filter(counts);
    return own.length === 0
      ? undefined
      : own.reduce((sum, energy) => sum + energy.joules + (energy.idleJoules ?? 0), 0);
  };
  const energy = [...byKey.values()].flatMap((all): MeasuredEnergy[] => {
    const [first] = all;
    if (first === undefined) return [];
    const { source, domain, provenance, uncertainty } = first;
    return [
      {
        source,
        domain,
        provenance,
        uncertainty,
        nodeJoules: mean(all.map((one) => one.nodeJoules)),
        joules: mean(all.map((one) => one.joules)),
        idleJoules: meanIfKnown(all.map((one) => one.idleJoules)),
        statistics: statistics(all.map((one) => one.joules)),
        primary: counts(first),
      },
    ];
  });
  const joules = runs.map(joulesOf).filter((value) => value !== undefined);
  const own = statistics(joules);
  return {
    command,
    exit: last.exit,
    wallSeconds: mean(runs.map((run) => run.wallSeconds)),
    cpuSeconds: mean(runs.map((run) => run.cpuSeconds)),
    memoryPeakMib: meanIfKnown(runs.map((run) => run.memoryPeakMib)),
    usages: last.usages,
    energy,
    primary: primary?.source,
    primaryReason: primary?.reason,
    disagreements: disagreements(
      energy.map(({ source, domain, nodeJoules }) => ({ source, domain, joules: nodeJoules })),
    ).map((pair) => ({ ...pair, warn: pair.relative > options.disagreementWarning })),
    joules: own?.mean,
    carbonGrams: own && (own.mean / JOULES_PER_KILOWATT_HOUR) * options.carbonIntensity,
    carbonIntensity: options.carbonIntensity,
    statistics: {
      wallSeconds: statistics(runs.map((run) => run.wallSeconds)),
      cpuSeconds: statistics(runs.map((run) => run.cpuSeconds)),
      joules: own,
    },
    repeats: runs.map((run) => ({
      exit: run.exit,
      wallSeconds: run.wallSeconds,
      cpuSeconds: run.cpuSeconds,
      joules: joulesOf(run),
    })),
    outlived: last.outlived,
    absent: meter.absent,
    idleUnknown: energy.some((one) => one.idleJoules === undefined) ? baseline.reason : undefined,
    interrupted: options.signal?.aborted ?? false,
  };
}
