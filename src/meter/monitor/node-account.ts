import { type Division, divide, type Interval } from '../divide.js';

/** Joules of one principal since the account was opened. */
export interface PrincipalTotal {
  readonly active: number;
  readonly idle: number;
}

export interface NodeTotals {
  readonly joules: number;
  /** The idle energy, whole: principals' `idle` are parts of it. */
  readonly idle: number;
  readonly unattributed: number;
  /** Active energy of principals that are gone: kept, so that the sum stays whole when they are forgotten. */
  readonly ended: number;
}

/**
 * The account of a machine: at every tick each joule of the primary source goes to idle, to one principal or to
 * `unattributed`. `idle + unattributed + ended + Σ active` is what was drawn, at every tick and in total.
 */
export class NodeAccount {
  readonly #principals = new Map<string, { active: number; idle: number }>();
  #joules = 0;
  #idle = 0;
  #unattributed = 0;
  #ended = 0;

  tick(interval: Interval<string>): Division<string> {
    const division = divide(interval);
    this.#idle += division.idle;
    this.#unattributed += division.unattributed;
    let active = 0;
    for (const [key, share] of division.shares) {
      const total = this.#principals.get(key) ?? { active: 0, idle: 0 };
      total.active += share.active;
      total.idle += share.idle;
      active += share.active;
      this.#principals.set(key, total);
    }
    this.#joules += division.idle + division.unattributed + active;
    return division;
  }

  /** Closes a principal's own account: what it used goes to `ended`. */
  end(key: string): void {
    const total = this.#principals.get(key);
    if (total === undefined) return;
    this.#ended += total.active;
    this.#principals.delete(key);
  }

  principal(key: string): PrincipalTotal | undefined {
    return this.#principals.get(key);
  }

  get principals(): ReadonlyMap<string, PrincipalTotal> {
    return this.#principals;
  }

  get totals(): NodeTotals {
    return { joules: this.#joules, idle: this.#idle, unattributed: this.#unattributed, ended: this.#ended };
  }
}
