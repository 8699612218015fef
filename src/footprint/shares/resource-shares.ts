import { ErrorCode, WattloopError } from '../../errors/index.js';
import { compensatedSum } from './compensated-sum.js';

/** What a shared service (storage, network) drew, and by whom it was used. */
export interface ResourceUse {
  /** Joules drawn for use. */
  readonly activeJoules: number;
  /** Joules it would have drawn unused. */
  readonly idleJoules: number;
  /** By user: bytes or requests, whichever the service's power follows. */
  readonly use: ArrayLike<number>;
}

export interface ResourceShares {
  /** By user. */
  readonly joules: Float64Array;
  /** What it drew while nobody used it. */
  readonly unattributedJoules: number;
}

/**
 * Shares a service as the machine is shared: what was drawn for use in proportion to use, as the control plane's joules are by
 * invocations; what was drawn anyway evenly among those who used it at all.
 */
export function resourceShares(name: string, { activeJoules, idleJoules, use }: ResourceUse): ResourceShares {
  checked(`${name}: active energy`, activeJoules);
  checked(`${name}: idle energy`, idleJoules);
  const amounts = Float64Array.from(use, (amount, user) => checked(`${name}: use of user ${user}`, amount));
  const total = compensatedSum(amounts);
  const users = amounts.reduce((count, amount) => count + Number(amount > 0), 0);
  const joules = amounts.map((amount) =>
    amount > 0 ? activeJoules * (amount / total) + idleJoules / users : 0,
  );
  return { joules, unattributedJoules: users > 0 ? 0 : activeJoules + idleJoules };
}

function checked(what: string, value: number): number {
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new WattloopError(ErrorCode.badInput, `${what} is ${value}`, {
    remedy: 'Give a number of 0 or more.',
  });
}
