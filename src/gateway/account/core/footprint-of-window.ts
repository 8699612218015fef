import type { WindowAccount } from '../../../footprint/index.js';
import type { FootprintWindow, FunctionWindow, ServedCall } from '../../../model/index.js';

interface CallSums {
  calls: number;
  errors: number;
  cold: number;
  callSeconds: number;
}

function callSums(calls: readonly ServedCall[]): Map<string, CallSums> {
  const sums = new Map<string, CallSums>();
  for (const { function: name, status, cold, startedAt, endedAt } of calls) {
    const sum = sums.get(name) ?? { calls: 0, errors: 0, cold: 0, callSeconds: 0 };
    sum.calls++;
    // Whoever went away before the answer came did not see the function fail.
    if (status !== 'done' && status !== 'cancelled') sum.errors++;
    if (cold) sum.cold++;
    sum.callSeconds += Math.max(0, endedAt - startedAt);
    sums.set(name, sum);
  }
  return sums;
}

const NO_CALLS: CallSums = { calls: 0, errors: 0, cold: 0, callSeconds: 0 };

export interface WindowFacts {
  readonly from: number;
  readonly to: number;
  readonly gramsPerKilowattHour: number;
  readonly account: WindowAccount;
  /** Calls that are settled with this window. */
  readonly calls: readonly ServedCall[];
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
