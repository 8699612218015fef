import type { ProcessIdentity, Usage } from '../../model/index.js';
import type { FollowedTree } from '../source.js';
import { type Amount, nothing, raise } from './amount.js';

/** Who reads and ends trees. */
export interface TreeKeeper {
  usage(tree: Tree): Usage;
  living(tree: Tree): ProcessIdentity[];
  close(tree: Tree): void;
}

/** One followed tree: the slots in which the kernel adds up its processes. */
export class Tree implements FollowedTree {
  readonly slots = new Set<number>();
  /** By the slot that processes were in before, the tree's slot for them. */
  readonly successors = new Map<number, number>();
  readonly #keeper: TreeKeeper;
  readonly #floor = nothing();
  #last: Usage | undefined;

  constructor(keeper: TreeKeeper) {
    this.#keeper = keeper;
  }

  /** Never less than before: the kernel takes out of a slice, when it ends, what a hypervisor stole. */
  atLeast(amount: Amount): Amount {
    raise(amount, this.#floor);
    Object.assign(this.#floor, amount);
    return amount;
  }

  read(): Usage {
    return this.#last ?? this.#keeper.usage(this);
  }

  living(): ProcessIdentity[] {
    return this.#last === undefined ? this.#keeper.living(this) : [];
  }

  close(): void {
    if (this.#last !== undefined) return;
    this.#last = this.#keeper.usage(this);
    this.#keeper.close(this);
  }
}
