import type { NodeSnapshot } from '../../meter/index.js';
import type { Principal } from '../../model/index.js';
import { family, type MetricFamily } from './sample.js';

const identify = ({ name, kind, key }: Principal): Record<string, string> => ({
  workload: name,
  type: kind,
  id: key,
});

/** The node's account as metrics. Pure: the same snapshot always gives the same page. */
export function nodeFamilies(snapshot: NodeSnapshot, version: string): MetricFamily[] {
  const { energies, primary, totals, shares, self } = snapshot;
  const provenance = (domain: string): string =>
    energies.find((energy) => energy.source === primary?.source && energy.domain === domain)?.provenance ??
    '';
  return [
    family(
      'nodeJoules',
      ...energies.map(({ source, domain, joulesTotal }) => [joulesTotal, { source, domain }] as const),
    ),
    family('nodeWatts', ...energies.map(({ source, domain, watts }) => [watts, { source, domain }] as const)),
    family(
      'primary',
      ...(primary?.domains ?? []).map(
        (domain) => [1, { source: primary?.source ?? '', domain, provenance: provenance(domain) }] as const,
      ),
    ),
    ...(primary === undefined
      ? []
      : [
          family('accountedJoules', [totals.joules]),
          family('idleJoules', [
            snapshot.idleWatts === undefined && totals.idleJoules === 0 ? undefined : totals.idleJoules,
          ]),
          family('unattributedJoules', [totals.unattributedJoules]),
          family('endedJoules', [totals.endedJoules]),
          family(
            'workloadJoules',
            ...shares.flatMap(({ principal, joulesTotal, idleJoulesTotal }) => [
              [joulesTotal, { ...identify(principal), kind: 'active' }] as const,
              [idleJoulesTotal, { ...identify(principal), kind: 'idle' }] as const,
            ]),
          ),
          family(
            'workloadWatts',
            ...shares.map(({ principal, watts }) => [watts, identify(principal)] as const),
          ),
          family('selfJoules', [self.joulesTotal]),
        ]),
    family(
      'workloadCpuSeconds',
      ...shares.map(({ principal, cpuSecondsTotal }) => [cpuSecondsTotal, identify(principal)] as const),
    ),
    family(
      'workloadInfo',
      ...shares.map(({ principal }) => [1, { ...principal.labels, ...identify(principal) }] as const),
    ),
    family('busyCpus', [snapshot.busyCpus]),
    family(
      'disagreement',
      ...snapshot.disagreements.map(({ a, b, domain, relative }) => [relative, { a, b, domain }] as const),
    ),
    ...crossCheckFamilies(snapshot),
    family(
      'sourceUsable',
      ...snapshot.used.map((source) => [1, { source }] as const),
      ...snapshot.absent.map(({ name }) => [0, { source: name }] as const),
    ),
    family('selfCpuSeconds', [self.cpuSecondsTotal]),
    family('buildInfo', [1, { version }]),
  ];
}

function crossCheckFamilies({ crossChecks }: NodeSnapshot): MetricFamily[] {
  const samples = (value: (check: NodeSnapshot['crossChecks'][number]) => number | undefined) =>
    crossChecks.map((check) => {
      const { source, against, domain } = check;
      return [value(check), { source, against, domain }] as const;
    });
  return [
    family('sourceLag', ...samples(({ lagSeconds }) => lagSeconds)),
    family('sourceGain', ...samples(({ calibration }) => calibration?.gain.value)),
    family('sourceOffset', ...samples(({ calibration }) => calibration?.offsetWatts.value)),
  ];
}
