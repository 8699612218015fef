import type { WindowAccount } from '../../../footprint/index.js';
import {
  CALL_STATUSES,
  type CallColumns,
  type FootprintWindow,
  type FunctionWindow,
} from '../../../model/index.js';

interface CallSums {
  calls: number;
  errors: number;
  cold: number;
  callSeconds: number;
}

// Whoever went away before the answer came did not see the function fail.
const isError = CALL_STATUSES.map((status) => status !== 'done' && status !== 'cancelled');

function callSums({ origins, numbers, length }: CallColumns): Map<string, CallSums> {
  const byFunction = new Map<string, CallSums>();
  const byOrigin = origins.map(({ function: name }) => {
    const sum = byFunction.get(name) ?? { calls: 0, errors: 0, cold: 0, callSeconds: 0 };
    byFunction.set(name, sum);
    return sum;
  });
  const { origin, status, cold, startedAt, endedAt } = numbers;
  for (let index = 0; index < length; index++) {
    const sum = byOrigin[origin[index] ?? 0];
    if (sum === undefined) continue;
    sum.calls++;
    if (isError[status[index] ?? 0]) sum.errors++;
    if (cold[index] === 1) sum.cold++;
    sum.callSeconds += Math.max(0, (endedAt[index] ?? 0) - (startedAt[index] ?? 0));
  }
  // An origin may be there of which no call is.
  for (const [name, { calls }] of byFunction) if (calls === 0) byFunction.delete(name);
  return byFunction;
}

const NO_CALLS: CallSums = { calls: 0, errors: 0, cold: 0, callSeconds: 0 };

export interface WindowFacts {
  readonly from: number;
  readonly to: number;
  readonly gramsPerKilowattHour: number;
  readonly account: WindowAccount;
  /** Calls that are settled with this window. */
  readonly calls: CallColumns;
  /** Joules of earlier ticks that became known too late to be anybody's. */
  readonly lateJoules: number;
}

/** The window as it is kept. */
export function footprintOfWindow(facts: WindowFacts): FootprintWindow {
  const { from, to, gramsPerKilowattHour, account, calls, lateJoules } = facts;
  const sums = callSums(calls);
  const functions: FunctionWindow[] = account.functions.map((each) => {
    const { calls: count, errors, cold, callSeconds } = sums.get(each.function) ?? NO_CALLS;
    sums.delete(each.function);
    return {
      function: each.function,
      calls: count,
      errors,
      cold,
      callSeconds,
      ...(each.cpuSeconds !== undefined && { cpuSeconds: each.cpuSeconds }),
      individualJoules: each.individualJoules,
      controlPlaneJoules: each.controlPlaneJoules,
      idleJoules: each.idleJoules,
      operationalGrams: each.operationalGrams,
      ...(each.embodiedGrams !== undefined && { embodiedGrams: each.embodiedGrams }),
    };
  });
  // Calls that were told of after their window had closed.
  for (const [name, sum] of sums) {
    const nothing = { individualJoules: 0, controlPlaneJoules: 0, idleJoules: 0, operationalGrams: 0 };
    functions.push({ function: name, ...sum, ...nothing });
  }
  const { shares } = account;
  return {
    from,
    to,
    measuredJoules: shares.measuredJoules + lateJoules,
    individualJoules: shares.individualJoules,
    controlPlaneJoules: shares.controlPlaneJoules,
    idleJoules: shares.idleJoules,
    unattributedJoules: shares.unattributedJoules + lateJoules,
    principalJoules: account.principalJoules,
    gramsPerKilowattHour,
    functions,
  };
}
