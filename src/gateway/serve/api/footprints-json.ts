import { contentsOf, FootprintKind } from '../../../footprint/index.js';
import type { FootprintRow, Footprints } from '../../account/account.js';

/** The kinds that a live account can tell: it keeps the load floor as a part of own work. */
export const LIVE_KINDS: readonly FootprintKind[] = Object.values(FootprintKind).filter(
  (kind) => contentsOf(kind).floor,
);

function rowJson(row: FootprintRow, kind: FootprintKind): unknown {
  const { controlPlane, idle, embodied } = contentsOf(kind);
  const joules =
    row.individualJoules + (controlPlane ? row.controlPlaneJoules : 0) + (idle ? row.idleJoules : 0);
  const grams = row.operationalGrams + (embodied ? (row.embodiedGrams ?? 0) : 0);
  return {
    invocations: row.calls,
    errors: row.errors,
    cold_starts: row.cold,
    mean_seconds: row.calls > 0 ? row.meanSeconds : null,
    individual_joules: row.individualJoules,
    control_plane_joules: row.controlPlaneJoules,
    idle_joules: row.idleJoules,
    total_joules: joules,
    joules_per_invocation: row.calls > 0 ? joules / row.calls : null,
    operational_grams: row.operationalGrams,
    embodied_grams: row.embodiedGrams ?? null,
    carbon_grams: grams,
  };
}

/** Footprints as the API tells them. `kind` says what the totals contain; the parts stand there in any case. */
export function footprintsJson(footprints: Footprints, kind: FootprintKind): unknown {
  const { from, to, functions, shares, provenance } = footprints;
  return {
    from,
    to,
    kind,
    functions: Object.fromEntries(functions.map((row) => [row.function, rowJson(row, kind)])),
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
