import type { Account, Finding, FunctionAccount } from '../footprint/index.js';

export const ACCOUNT_SORTS = [
  'energy',
  'total',
  'marginal',
  'power',
  'latency',
  'invocations',
  'carbon',
  'name',
] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];

/** A function of the account with what views add to it. */
export interface AccountRow extends FunctionAccount {
  /** Where it stands in `Account.functions`, and so in the course. */
  readonly index: number;
  /** All its invocations together. */
  readonly energyJoules: number;
  /** One standard error of `carbonGrams`, as far as it comes from the individual energy; absent where there is none to scale. */
  readonly carbonErrorGrams?: number;
}

const BY: Readonly<Record<Exclude<AccountSort, 'name'>, (row: AccountRow) => number | undefined>> = {
  energy: (row) => row.energyJoules,
  total: (row) => row.totalJoules,
  marginal: (row) => row.marginalJoules,
  power: (row) => row.powerWatts,
  latency: (row) => row.meanLatencySeconds,
  invocations: (row) => row.invocations,
  carbon: (row) => row.carbonGrams,
};

const byName = (a: AccountRow, b: AccountRow): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Largest first, absent last; names in order of their signs, so that the order is the same in every language. */
function order(sort: AccountSort): (a: AccountRow, b: AccountRow) => number {
  if (sort === 'name') return byName;
  const size = (row: AccountRow): number => {
    const value = BY[sort](row) ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  return (a, b) => {
    const [left, right] = [size(a), size(b)];
    return left === right ? byName(a, b) : right - left;
  };
}

export function accountRows({ functions }: Account, sort: AccountSort): AccountRow[] {
  return functions
    .map((each, index): AccountRow => {
      const energyJoules = each.totalJoules * each.invocations;
      // Operational grams go with the energy; of its parts only the individual one has an error.
      // Whatever the total counts, grams are of all energy.
      const joules = each.individualJoules + each.controlPlaneJoules + each.idleJoules;
      const carbonErrorGrams = (each.operationalGrams / joules) * each.individualErrorJoules;
      return Number.isNaN(carbonErrorGrams)
        ? { ...each, index, energyJoules }
        : { ...each, index, energyJoules, carbonErrorGrams };
    })
    .sort(order(sort));
}

/** Sums over the trace that the account leaves to its reader. */
export interface AccountSums {
  readonly invocations: number;
  readonly floorJoules: number;
  readonly carbonGrams: number;
  readonly meanWatts: number | undefined;
}

export function accountSums({ functions, shares, windowSeconds }: Account): AccountSums {
  let [invocations, floorJoules, carbonGrams] = [0, 0, 0];
  for (const each of functions) {
    invocations += each.invocations;
    floorJoules += each.floorJoules * each.invocations;
    carbonGrams += each.carbonGrams * each.invocations;
  }
  const meanWatts = windowSeconds > 0 ? shares.measuredJoules / windowSeconds : undefined;
  return { invocations, floorJoules, carbonGrams, meanWatts };
}

/** Functions with the same remark, in order of the account. */
export function remarks({ functions }: Account): Map<string, string[]> {
  const byRemark = new Map<string, string[]>();
  for (const { name, remark } of functions) {
    if (remark === undefined) continue;
    const names = byRemark.get(remark);
    if (names === undefined) byRemark.set(remark, [name]);
    else names.push(name);
  }
  return byRemark;
}

/** A finding as a sentence; its count is added where it doesn't say it itself. */
export const findingText = ({ message, count }: Finding): string =>
  count === undefined || message.includes(String(count)) ? message : `${message} (${count})`;

/** Why the control plane's energy stands at 0 though it has some: it is within the others' then. */
export function controlPlaneUnknown({ shares, provenance }: Account): string | undefined {
  return shares.controlPlaneJoules === 0 ? provenance.control_plane_j?.reason : undefined;
}
