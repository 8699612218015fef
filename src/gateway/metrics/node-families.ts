import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';
import type { Principal } from '../../model/index.js';
import type { MetricKey } from './definitions.js';
import { FamilyWriter, type MetricFamily } from './sample.js';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number | undefined, labels?: Labels, since?: number];

/** The labels of a principal: made once for as long as it is called the same. */
interface PrincipalLabels {
  readonly identity: Labels;
  readonly active: Labels;
  readonly idle: Labels;
  readonly info: Labels;
}

const labelsByPrincipal = new WeakMap<Principal, PrincipalLabels>();

function labelsOf(principal: Principal): PrincipalLabels {
  const known = labelsByPrincipal.get(principal);
  if (known) return known;
  const identity = { workload: principal.name, type: principal.kind, id: principal.key };
  const labels = {
    identity,
    active: { ...identity, kind: 'active' },
    idle: { ...identity, kind: 'idle' },
    info: { ...principal.labels, ...identity },
  };
  labelsByPrincipal.set(principal, labels);
  return labels;
}

/** The node's account as metrics. Pure: the same snapshot always gives the same page. */
export function nodeFamilies(snapshot: NodeSnapshot, version: string): MetricFamily[] {
  const family = familyMaker(snapshot);
  return [
    ...ofMachine(snapshot, family),
    ...ofAccount(snapshot, family),
    ...ofWorkloads(snapshot.shares),
    family('buildInfo', [1, { version }]),
  ];
}

/** The machine without who used it: where functions are accounted, their account says that. */
export function machineFamilies(snapshot: NodeSnapshot, version: string): MetricFamily[] {
  const family = familyMaker(snapshot);
  return [...ofMachine(snapshot, family), family('buildInfo', [1, { version }])];
}

function ofAccount({ totals }: NodeSnapshot, family: MakeFamily): MetricFamily[] {
  return [
    family('accountedJoules', [totals?.joules]),
    family('idleJoules', [totals?.idleJoules]),
    family('unattributedJoules', [totals?.unattributedJoules]),
    family('endedJoules', [totals?.endedJoules]),
  ];
}

function familyMaker(snapshot: NodeSnapshot): MakeFamily {
  return (key, ...samples) => {
    const writer = new FamilyWriter(key);
    for (const [value, labels, since = snapshot.since] of samples) writer.add(value, since, labels);
    return writer;
  };
}

type MakeFamily = (key: MetricKey, ...samples: readonly Sample[]) => MetricFamily;

function ofMachine(snapshot: NodeSnapshot, family: MakeFamily): MetricFamily[] {
  const { energies, primary, self } = snapshot;
  const provenance = (domain: string): string =>
    energies.find((energy) => energy.source === primary?.source && energy.domain === domain)?.provenance ??
    '';
  return [
    family(
      'nodeJoules',
      ...energies.map(({ source, domain, joulesTotal }): Sample => [joulesTotal, { source, domain }]),
    ),
    family('nodeWatts', ...energies.map(({ source, domain, watts }): Sample => [watts, { source, domain }])),
    family(
      'calibratedWatts',
      ...energies.map(({ source, domain, calibratedWatts }): Sample => [calibratedWatts, { source, domain }]),
    ),
    family(
      'primary',
      ...(primary?.domains ?? []).map(
        (domain): Sample => [1, { source: primary?.source ?? '', domain, provenance: provenance(domain) }],
      ),
    ),
    family('idleWatts', [snapshot.idleWatts]),
    family('busyCpus', [snapshot.busyCpus]),
    family(
      'disagreement',
      ...snapshot.disagreements.map(({ a, b, domain, relative }): Sample => [relative, { a, b, domain }]),
    ),
    ...ofCrossChecks(snapshot, family),
    family(
      'sourceUsable',
      ...snapshot.used.map((source): Sample => [1, { source }]),
      ...snapshot.absent.map(({ name }): Sample => [0, { source: name }]),
    ),
    family('selfCpuSeconds', [self.cpuSecondsTotal]),
    family('selfJoules', [self.joulesTotal]),
  ];
}

function ofCrossChecks({ crossChecks }: NodeSnapshot, family: MakeFamily): MetricFamily[] {
  const samples = (value: (check: NodeSnapshot['crossChecks'][number]) => number | undefined): Sample[] =>
    crossChecks.map((check) => {
      const { source, against, domain } = check;
      return [value(check), { source, against, domain }];
    });
  return [
    family('sourceLag', ...samples(({ lagSeconds }) => lagSeconds)),
    family('sourceGain', ...samples(({ calibration }) => calibration?.gain.value)),
    family('sourceOffset', ...samples(({ calibration }) => calibration?.offsetWatts.value)),
  ];
}

function ofWorkloads(shares: readonly PrincipalShare[]): MetricFamily[] {
  const joules = new FamilyWriter('workloadJoules');
  const watts = new FamilyWriter('workloadWatts');
  const cpuSeconds = new FamilyWriter('workloadCpuSeconds');
  const info = new FamilyWriter('workloadInfo');
  for (const share of shares) {
    const { since } = share;
    const labels = labelsOf(share.principal);
    joules.add(share.joulesTotal, since, labels.active);
    joules.add(share.idleJoulesTotal, since, labels.idle);
    // What is gone draws nothing that could be told; its counters stay for a while.
    watts.add(share.isGone ? undefined : share.watts, since, labels.identity);
    cpuSeconds.add(share.cpuSecondsTotal, since, labels.identity);
    info.add(1, since, labels.info);
  }
  return [joules, watts, cpuSeconds, info];
}
