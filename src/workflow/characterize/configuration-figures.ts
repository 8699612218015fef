import { groupedBy, statistics } from '../../maths/index.js';
import {
  type ConfigurationFigures,
  type EnergyPerWork,
  METRICS,
  type MethodFigure,
  type PhaseName,
  type StageSample,
  type WarmUps,
} from '../../model/index.js';
import { metricOf, ordered, repeated } from './observe.js';

/** Nothing where a part is not known: part of a sum would look like a small one. */
const sumIfKnown = (values: readonly (number | undefined)[]): number | undefined =>
  values.every((value) => value !== undefined) ? sum(values) : undefined;

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const meanOf = (samples: readonly StageSample[], of: (sample: StageSample) => number): number =>
  sum(samples.map(of)) / samples.length;

function warmUpsOf(samples: readonly StageSample[]): WarmUps | undefined {
  if (samples.length === 0) return undefined;
  const known = samples.flatMap(({ joules }) => (joules === undefined ? [] : [joules]));
  return {
    count: samples.length,
    seconds: meanOf(samples, ({ wallSeconds }) => wallSeconds),
    ...(known.length > 0 && { joules: sum(known) / known.length }),
  };
}

/** Per unit of work where every repetition counted it, else per invocation: one kind of unit for all. */
function energyPerWork(samples: readonly StageSample[], countsWork: boolean): EnergyPerWork | undefined {
  const units = (sample: StageSample): number | undefined => (countsWork ? sample.work : sample.invocations);
  const figure = repeated(samples, (sample) => {
    const count = units(sample);
    return sample.joules === undefined || !count ? undefined : sample.joules / count;
  });
  return figure && { ...figure, per: countsWork ? 'work' : 'invocation' };
}

function phasesOf(samples: readonly StageSample[]): Record<PhaseName, number> {
  return {
    cold_start: meanOf(samples, ({ coldStartSeconds }) => coldStartSeconds),
    read: meanOf(samples, ({ readSeconds }) => readSeconds),
    compute: meanOf(samples, ({ computeSeconds }) => computeSeconds),
    write: meanOf(samples, ({ writeSeconds }) => writeSeconds),
  };
}

function methodsOf(samples: readonly StageSample[]): MethodFigure[] {
  const all = samples.flatMap(({ energies = [] }) => energies);
  const groups = groupedBy(all, ({ source, domain }) => `${source}/${domain}`);
  return [...groups.values()]
    .flatMap((group): MethodFigure[] => {
      const [first] = group;
      const found = statistics(group.map(({ joules }) => joules));
      if (first === undefined || found === undefined) return [];
      const { source, domain, provenance } = first;
      return [{ source, domain, provenance, statistics: found }];
    })
    .sort((a, b) => (a.source === b.source ? (a.domain < b.domain ? -1 : 1) : a.source < b.source ? -1 : 1));
}

/** What the samples of one configuration say. Undefined where there are none but warm-ups. */
export function configurationFigures(
  samples: readonly StageSample[],
  countsWork: boolean,
): ConfigurationFigures | undefined {
  const counted = ordered(samples.filter(({ warmUp }) => !warmUp));
  const [first] = counted;
  if (first === undefined) return undefined;
  const warmUps = warmUpsOf(ordered(samples.filter(({ warmUp }) => warmUp)));
  const invocations = sum(counted.map((each) => each.invocations));
  const coldStarts = sumIfKnown(counted.map((each) => each.coldStarts));
  const perWork = energyPerWork(counted, countsWork);
  const energyDelay = repeated(counted, ({ joules, wallSeconds }) =>
    joules === undefined ? undefined : joules * wallSeconds,
  );
  return {
    configuration: first.configuration,
    repetitions: counted.length,
    ...(warmUps && { warmUps }),
    ...(invocations > 0 && coldStarts !== undefined && { coldStartShare: coldStarts / invocations }),
    metrics: Object.fromEntries(
      METRICS.flatMap((metric) => {
        const figure = repeated(counted, (sample) => metricOf(metric, sample));
        return figure === undefined ? [] : [[metric, figure] as const];
      }),
    ),
    ...(perWork && { energyPerWork: perWork }),
    ...(energyDelay && { energyDelay }),
    phaseSeconds: phasesOf(counted),
    methods: methodsOf(counted),
  };
}
