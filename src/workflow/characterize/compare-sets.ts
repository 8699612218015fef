import { groupedBy } from '../../maths/index.js';
import {
  type Configuration,
  type MatchedComparison,
  METRICS,
  type MetricName,
  type SetComparison,
  type StageSample,
  type Unmatched,
} from '../../model/index.js';
import { configurationKey, inOrder } from './axes.js';
import { differences } from './difference.js';
import { metricOf, ordered, repeated, valuesOf } from './observe.js';

type Labels = readonly [first: string, second: string];

interface Group {
  readonly stage: string;
  readonly configuration: Configuration;
  readonly samples: readonly StageSample[];
}

function groupsOf(samples: readonly StageSample[]): Map<string, Group> {
  const counted = ordered(samples.filter(({ warmUp }) => !warmUp));
  const groups = groupedBy(counted, ({ stage, configuration }) =>
    JSON.stringify([stage, configurationKey(configuration)]),
  );
  return new Map(
    [...groups].flatMap(([key, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      return [[key, { stage: first.stage, configuration: first.configuration, samples: group }] as const];
    }),
  );
}

interface Candidate extends Pick<MatchedComparison, 'stage' | 'configuration' | 'metric'> {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

interface Matched {
  readonly candidates: Candidate[];
  readonly unmatched: Unmatched[];
}

function matchGroups(first: Group, second: Group, labels: Labels): Matched {
  const { stage, configuration } = first;
  const matched: Matched = { candidates: [], unmatched: [] };
  for (const metric of METRICS) {
    const values = ({ samples }: Group): number[] =>
      valuesOf(repeated(samples, (sample) => metricOf(metric, sample)));
    const [from, to] = [values(first), values(second)];
    if (from.length === 0 && to.length === 0) continue;
    if (from.length > 1 && to.length > 1) matched.candidates.push({ stage, configuration, metric, from, to });
    else {
      const short = from.length > 1 ? [labels[1], to.length] : [labels[0], from.length];
      const reason =
        short[1] === 0 ? `${short[0]} does not have it` : `${short[0]} has it once: no spread to judge by`;
      matched.unmatched.push({ stage, configuration, metric, reason });
    }
  }
  return matched;
}

/** Tests of one metric are one family: each over all stages and configurations. */
function testedTogether(candidates: readonly Candidate[]): MatchedComparison[] {
  const families = groupedBy(candidates, ({ metric }) => metric);
  return [...families.values()].flatMap((family) => {
    const found = differences(family);
    return family.flatMap(({ stage, configuration, metric }, index): MatchedComparison[] => {
      const difference = found[index];
      return difference === undefined ? [] : [{ stage, configuration, metric, difference }];
    });
  });
}

function sourceNote(a: readonly StageSample[], b: readonly StageSample[], labels: Labels): string[] {
  const sources = (samples: readonly StageSample[]): string =>
    [
      ...new Set(
        samples.flatMap(({ source, provenance }) =>
          source ? [`${source} (${provenance ?? 'unknown'})`] : [],
        ),
      ),
    ]
      .sort()
      .join(', ');
  const [first, second] = [sources(a), sources(b)];
  if (first === second || first === '' || second === '') return [];
  return [
    `Energies come from different sources: ${labels[0]} from ${first}, ${labels[1]} from ${second}. They may differ for that reason alone.`,
  ];
}

const byPlace = (a: MatchedComparison, b: MatchedComparison): number =>
  // A whole run first: its name is the empty one.
  (a.stage < b.stage ? -1 : Number(a.stage > b.stage)) ||
  inOrder(a.configuration, b.configuration) ||
  metricPlace(a.metric) - metricPlace(b.metric);

const metricPlace = (metric: MetricName): number => METRICS.indexOf(metric);

/** Two sets of results, stage by stage under equal configurations; ratios are of the second to the first. Warm-ups don't count. */
export function compareSets(
  first: readonly StageSample[],
  second: readonly StageSample[],
  labels: Labels,
): SetComparison {
  const [a, b] = [groupsOf(first), groupsOf(second)];
  const both = [...a].flatMap(([key, group]) => {
    const other = b.get(key);
    return other === undefined ? [] : [matchGroups(group, other, labels)];
  });
  const only = (own: Map<string, Group>, other: Map<string, Group>, label: string): Unmatched[] =>
    [...own].flatMap(([key, { stage, configuration }]) =>
      other.has(key) ? [] : [{ stage, configuration, reason: `only ${label} has it` }],
    );
  return {
    labels,
    matched: testedTogether(both.flatMap(({ candidates }) => candidates)).sort(byPlace),
    unmatched: [
      ...both.flatMap(({ unmatched }) => unmatched),
      ...only(a, b, labels[0]),
      ...only(b, a, labels[1]),
    ],
    notes: sourceNote(first, second, labels),
  };
}
