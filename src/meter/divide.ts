/** One interval of a machine: what it drew, and who used it. */
export interface Interval<Principal> {
  /** Energy that was drawn. */
  readonly joules: number;
  /** The part of it that would have been drawn without any work; undefined when nobody knows it. */
  readonly idleJoules: number | undefined;
  /** CPU seconds that the whole machine was busy. */
  readonly busySeconds: number;
  /** CPU seconds by principal. */
  readonly used: Iterable<readonly [Principal, number]>;
}

export interface Share {
  /** Share of the energy that work caused. */
  readonly active: number;
  /** Share of the energy that idling costs, in the same proportion. */
  readonly idle: number;
}

export interface Division<Principal> {
  readonly shares: Map<Principal, Share>;
  /** Energy of idling, whole; the shares' `idle` are parts of it, the rest belongs to nobody. */
  readonly idle: number;
  /** Energy that work caused and no principal's use explains. */
  readonly unattributed: number;
}

const atLeastZero = (value: number): number => (Number.isNaN(value) ? 0 : Math.max(0, value));

/**
 * Splits an interval's energy by CPU time. What was drawn is idle plus every principal's active share plus
 * `unattributed`, always: `unattributed` is what is left, and shares never add up to more than there is, as the divisor
 * is at least the sum of what the principals used, also when the counters of machine and principals disagree.
 */
export function divide<Principal>(interval: Interval<Principal>): Division<Principal> {
  const joules = atLeastZero(interval.joules);
  const idle = Math.min(joules, atLeastZero(interval.idleJoules ?? 0));
  const active = joules - idle;
  const used = [...interval.used].map(([who, seconds]) => [who, atLeastZero(seconds)] as const);
  const sum = used.reduce((total, [, seconds]) => total + seconds, 0);
  const divisor = Math.max(sum, atLeastZero(interval.busySeconds));
  const shares = new Map<Principal, Share>();
  let given = 0;
  for (const [who, seconds] of used) {
    const part = divisor > 0 ? seconds / divisor : 0;
    const before = shares.get(who);
    shares.set(who, {
      active: (before?.active ?? 0) + active * part,
      idle: (before?.idle ?? 0) + idle * part,
    });
    given += active * part;
  }
  return { shares, idle, unattributed: atLeastZero(active - given) };
}
