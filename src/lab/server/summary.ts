import type { SimulatedServer } from './simulate-server.js';

/** What a run was, as a document: sums over the run, and by function means per invocation. Absent figures are null. */
export function serverSummary({ trace, truth }: SimulatedServer): object {
  const { functions, windowSeconds, energyJoules, idleWatts, idleCpuWatts, unattributedJoules } = truth;
  return {
    window_s: windowSeconds,
    power_rows: trace.power.t.length,
    usage_rows: trace.usage?.t.length ?? 0,
    invocations: trace.invocations.start.length,
    idle_w: idleWatts,
    idle_cpu_w: idleCpuWatts,
    mean_w: energyJoules / windowSeconds,
    measured_j: energyJoules,
    unattributed_j: unattributedJoules,
    functions: Object.fromEntries(
      functions.map((truth) => {
        const { name, invocations, workJoules, floorJoules, marginalJoules } = truth;
        const each = (joules: number | undefined): number | null =>
          joules === undefined || invocations === 0 ? null : joules / invocations;
        return [
          name,
          {
            invocations,
            cold_starts: truth.coldStarts,
            mean_latency_s: truth.meanLatencySeconds ?? null,
            individual_j: each(workJoules + floorJoules),
            floor_j: each(floorJoules),
            control_plane_j: each(truth.controlPlaneJoules),
            idle_j: each(truth.idleJoules),
            total_j: each(truth.totalJoules),
            marginal_j: each(marginalJoules),
          },
        ];
      }),
    ),
  };
}
