import { type Amount, add, nothing } from './amount.js';

/** Groups that are gone keep their figures (in case they come again, and for the groups above) until there are as many. */
const MOST_GONE = 1_024;

interface Group {
  /** Of earlier groups at this path, and of groups below it that are forgotten. */
  readonly past: Amount;
  isGone: boolean;
  isReported: boolean;
}

const parentOf = (path: string): string | undefined =>
  path === '/' ? undefined : path.slice(0, path.lastIndexOf('/')) || '/';

/**
 * Figures of control groups, each with all groups below it, as the kernel's own accounts have them. A group that is
 * removed is reported once more; the groups above keep what it used for ever.
 */
export class CgroupTree {
  readonly #groups = new Map<string, Group>();

  /** Takes over the last figures of a group that was removed. */
  remove(path: string, last: Amount): void {
    const group = this.#group(path);
    add(group.past, last);
    group.isGone = true;
    group.isReported = false;
  }

  /** The figures of every group, those that are gone included, given what the living have used themselves. */
  sums(living: ReadonlyMap<string, Amount>): Map<string, Amount> {
    const sums = new Map<string, Amount>();
    const addUpwards = (from: string, amount: Amount): void => {
      for (let path: string | undefined = from; path !== undefined; path = parentOf(path)) {
        const sum = sums.get(path);
        if (sum) add(sum, amount);
        else sums.set(path, { ...amount });
      }
    };
    for (const [path, { past }] of this.#groups) addUpwards(path, past);
    for (const [path, amount] of living) addUpwards(path, amount);
    return sums;
  }

  /** The figures to hand over: of the living, and once of each that is gone. */
  report(living: ReadonlyMap<string, Amount>): Map<string, Amount> {
    for (const path of living.keys()) this.#group(path).isGone = false;
    const sums = this.sums(living);
    for (const [path, group] of this.#groups) {
      if (!group.isGone) continue;
      if (group.isReported) sums.delete(path);
      group.isReported = true;
    }
    this.#prune();
    return sums;
  }

  #group(path: string): Group {
    let group = this.#groups.get(path);
    if (!group) {
      group = { past: nothing(), isGone: false, isReported: false };
      this.#groups.set(path, group);
    }
    return group;
  }

  /** Forgets the groups that are gone longest; those above take over what they used. */
  #prune(): void {
    const gone = [...this.#groups].filter(([, group]) => group.isGone && group.isReported);
    for (const [path, group] of gone.slice(0, Math.max(0, gone.length - MOST_GONE))) {
      this.#groups.delete(path);
      const parent = parentOf(path);
      if (parent !== undefined) add(this.#group(parent).past, group.past);
    }
  }
}
