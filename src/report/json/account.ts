import type { Account, FunctionAccount, MarginalEnergy } from '../../footprint/index.js';
import { accountRows, accountSums } from '../account-rows.js';
import { figure } from './figure.js';
import { marginalJson, validationJson } from './validation.js';

function functionJson(row: FunctionAccount & { readonly carbonErrorGrams?: number }): object {
  return {
    invocations: row.invocations,
    mean_latency_s: figure(row.meanLatencySeconds),
    power_w: figure(row.powerWatts),
    power_error_w: figure(row.powerErrorWatts),
    individual_j: figure(row.individualJoules),
    individual_error_j: figure(row.individualErrorJoules),
    floor_j: figure(row.floorJoules),
    control_plane_j: figure(row.controlPlaneJoules),
    idle_j: figure(row.idleJoules),
    total_j: figure(row.totalJoules),
    marginal_j: figure(row.marginalJoules),
    marginal_error_j: figure(row.marginalErrorJoules),
    operational_g: figure(row.operationalGrams),
    embodied_g: figure(row.embodiedGrams),
    carbon_g: figure(row.carbonGrams),
    carbon_error_g: figure(row.carbonErrorGrams),
    sci_g: figure(row.sciGrams),
    cov: figure(row.cov),
    remark: row.remark ?? null,
  };
}

const provenanceJson = ({ provenance }: Account): object =>
  Object.fromEntries(
    Object.entries(provenance).map(([name, { provenance: kind, method, reason }]) => [
      name,
      { provenance: kind, method, reason: reason ?? null },
    ]),
  );

/** The document that `wattloop attribute --json` prints, with `minus` where there is a second trace. Absent figures are null. */
export function accountJson(account: Account, pair?: MarginalEnergy): object {
  const { shares, validation } = account;
  return {
    window_s: figure(account.windowSeconds),
    // Entries, not assignments: a function may be called `__proto__`.
    functions: Object.fromEntries(accountRows(account, 'name').map((row) => [row.name, functionJson(row)])),
    groups: account.groups.map(({ functions, individualJoules, errorJoules, reason }) => ({
      functions,
      individual_j: figure(individualJoules),
      error_j: figure(errorJoules),
      reason,
    })),
    shares: {
      measured_j: figure(shares.measuredJoules),
      individual_j: figure(shares.individualJoules),
      floor_j: figure(accountSums(account).floorJoules),
      control_plane_j: figure(shares.controlPlaneJoules),
      idle_j: figure(shares.idleJoules),
      unattributed_j: figure(shares.unattributedJoules),
    },
    lag_s: figure(account.lagSeconds),
    lag_error_s: figure(account.lagErrorSeconds),
    idle_w: figure(account.idleWatts),
    idle_error_w: figure(account.idleErrorWatts),
    r2: figure(account.r2),
    validation: validation === undefined ? null : validationJson(validation),
    ...(pair && { minus: marginalJson(pair) }),
    findings: account.findings.map(({ code, message, count }) => ({ code, message, count: count ?? null })),
    provenance: provenanceJson(account),
  };
}
