import type { NodeSnapshot } from '../../meter/index.js';
import { type TopState, topRows } from '../terminal/top-rows.js';

/** One tick of the node's account as a document. Absent figures are null. */
export function snapshotJson(snapshot: NodeSnapshot, state: Pick<TopState, 'sort' | 'filter'>): object {
  const { totals, primary, self } = snapshot;
  return {
    time: snapshot.time,
    seconds: snapshot.seconds,
    busy_cpus: snapshot.busyCpus ?? null,
    logical_cpus: snapshot.logicalCpus,
    primary: primary ? { source: primary.source, domains: primary.domains, reason: primary.reason } : null,
    watts: snapshot.watts ?? null,
    idle_watts: snapshot.idleWatts ?? null,
    unattributed_watts: snapshot.unattributedWatts ?? null,
    joules_total: totals?.joules ?? null,
    idle_joules_total: totals?.idleJoules ?? null,
    unattributed_joules_total: totals?.unattributedJoules ?? null,
    ended_joules_total: totals?.endedJoules ?? null,
    energies: snapshot.energies.map(
      ({ source, domain, provenance, watts, joulesTotal, calibratedWatts }) => ({
        source,
        domain,
        provenance,
        watts: watts ?? null,
        joules_total: joulesTotal,
        calibrated_watts: calibratedWatts ?? null,
      }),
    ),
    principals: topRows(snapshot, state).map(
      ({ principal, watts, cpus, joulesTotal, idleJoulesTotal, cpuSecondsTotal }) => ({
        name: principal.name,
        kind: principal.kind,
        id: principal.key,
        labels: principal.labels,
        watts: watts ?? null,
        cpus,
        joules_total: joulesTotal ?? null,
        idle_joules_total: idleJoulesTotal ?? null,
        cpu_seconds_total: cpuSecondsTotal,
      }),
    ),
    usage_source: snapshot.usageSource ?? null,
    self: { cpu_seconds_total: self.cpuSecondsTotal, joules_total: self.joulesTotal ?? null },
    disagreements: snapshot.disagreements.map(({ a, b, domain, relative, overThreshold }) => ({
      a,
      b,
      domain,
      relative,
      warning: overThreshold,
    })),
    cross_checks: snapshot.crossChecks.map(
      ({ source, against, domain, lagSeconds, calibration, drift, reason }) => ({
        source,
        against,
        domain,
        lag_seconds: lagSeconds ?? null,
        gain: calibration?.gain.value ?? null,
        gain_error: calibration?.gain.standardError ?? null,
        offset_watts: calibration?.offsetWatts.value ?? null,
        gain_drift_per_hour: drift?.gainPerHour.value ?? null,
        reason: reason ?? null,
      }),
    ),
  };
}
