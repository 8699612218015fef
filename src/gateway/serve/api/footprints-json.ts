import type { FootprintRow, Footprints } from '../../account/account.js';

function rowJson(row: FootprintRow): unknown {
  return {
    invocations: row.calls,
    errors: row.errors,
    cold_starts: row.cold,
    mean_seconds: row.meanSeconds ?? null,
    individual_joules: row.individualJoules,
    control_plane_joules: row.controlPlaneJoules,
    idle_joules: row.idleJoules,
    total_joules: row.totalJoules,
    joules_per_invocation: row.joulesPerCall ?? null,
    marginal_joules_per_invocation: row.marginalJoulesPerCall ?? null,
    marginal_error_joules: row.marginalErrorJoules ?? null,
    operational_grams: row.operationalGrams,
    embodied_grams: row.embodiedGrams ?? null,
    carbon_grams: row.operationalGrams + (row.embodiedGrams ?? 0),
  };
}

/** Footprints as the API tells them; what isn't known is null. */
export function footprintsJson(footprints: Footprints): unknown {
  const { from, to, kind, functions, shares, provenance } = footprints;
  return {
    from,
    to,
    kind,
    functions: Object.fromEntries(functions.map((row) => [row.function, rowJson(row)])),
    shares: {
      measured_joules: shares.measuredJoules,
      individual_joules: shares.individualJoules,
      control_plane_joules: shares.controlPlaneJoules,
      idle_joules: shares.idleJoules,
      unattributed_joules: shares.unattributedJoules,
    },
    provenance,
  };
}
