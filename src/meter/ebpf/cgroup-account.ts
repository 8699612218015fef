import type { Logger } from '../../base/index.js';
import { type Amount, add, amountAt, nothing } from './amount.js';
import type { CgroupPaths } from './cgroup-paths.js';
import { CgroupTree } from './cgroup-tree.js';
import type { CpuBoard, Slice } from './cpu-board.js';
import { Floors } from './floors.js';
import { AMOUNT } from './layout.js';
import type { CgroupChange } from './records.js';
import { present, runningAmounts } from './running.js';
import type { Table } from './table.js';
import { Words } from './words.js';

const ROOT = '/';

export interface CgroupAccountParts {
  readonly log: Logger;
  readonly board: CpuBoard;
  readonly table: Table;
  readonly paths: CgroupPaths;
  /** Hands over what the kernel has put into its ring. */
  readonly drain: () => void;
}

/** What each control group has used, the groups below it included. */
export class CgroupAccount {
  readonly #parts: CgroupAccountParts;
  readonly #tree = new CgroupTree();
  readonly #key = Buffer.from(new ArrayBuffer(8));
  readonly #keyWords = Words.of(this.#key);
  /** Groups whose path could not be found; looked for once. */
  readonly #unknown = new Set<bigint>();
  /** Told to be removed while the table was read. */
  readonly #removed = new Set<bigint>();
  readonly #floors = new Floors<bigint>();

  constructor(parts: CgroupAccountParts) {
    this.#parts = parts;
  }

  change({ kind, id, path, amount }: CgroupChange): void {
    const { paths } = this.#parts;
    if (kind === 'cgroup-made') {
      if (path !== undefined) paths.made(id, path);
      return;
    }
    this.#removed.add(id);
    this.#floors.lift(id, 'only', amount, false);
    // One that was neither seen nor told when it was made: the root keeps the sum.
    this.#tree.remove(paths.removed(id, path) ?? ROOT, amount);
  }

  /** By path below the hierarchy's root: every group that used anything, and those that were removed once more. */
  read(): Map<string, Amount> {
    return this.#tree.report(this.#living());
  }

  /** What one group has used, whether it is still there or not. */
  amount(path: string): Amount {
    return this.#tree.sums(this.#living()).get(path) ?? nothing();
  }

  #living(): Map<string, Amount> {
    const { board, table } = this.#parts;
    const before = present(board, (slice) => slice.cgroup);
    // What was told until here has left the table; what is removed while the table is read is in both.
    this.#parts.drain();
    this.#removed.clear();
    const { count, keys, values } = table.all();
    const amounts = new Map<bigint, Amount>();
    for (let index = 0; index < count; index++) {
      amounts.set(keys.big(index), amountAt(values, index * AMOUNT.words));
    }
    const running = runningAmounts(
      board,
      before,
      (slice) => slice.cgroup,
      (slice) => this.#lookup(slice),
    );
    for (const [id, { amount }] of running) amounts.set(id, amount);
    this.#parts.drain();
    for (const id of this.#removed) amounts.delete(id);
    for (const [id, amount] of amounts) this.#floors.lift(id, 'only', amount, running.has(id));
    this.#floors.turn();
    return this.#byPath(amounts, running);
  }

  #byPath(amounts: ReadonlyMap<bigint, Amount>, running: ReadonlyMap<bigint, unknown>): Map<string, Amount> {
    const { paths, table, log } = this.#parts;
    const strangers = [...amounts.keys()].filter(
      (id) => paths.get(id) === undefined && !this.#unknown.has(id),
    );
    if (strangers.length > 0) paths.rescan();
    const living = new Map<string, Amount>();
    for (const [id, amount] of amounts) {
      const path = paths.get(id);
      if (path === undefined && !this.#unknown.has(id)) {
        this.#unknown.add(id);
        log.debug('ebpf: a control group without a path counts for the root', { id: String(id) });
      }
      if (path === undefined || paths.isLiving(id)) {
        const sum = living.get(path ?? ROOT);
        if (sum) add(sum, amount);
        else living.set(path ?? ROOT, { ...amount });
      } else if (!running.has(id)) {
        // The last microseconds of tasks that ended when their group was removed.
        this.#tree.remove(path, amount);
        this.#keyWords.set(0, id);
        table.remove(this.#key);
      }
    }
    return living;
  }

  #lookup(slice: Slice): Amount {
    this.#keyWords.set(0, slice.cgroup);
    return this.#parts.table.find(this.#key) ? amountAt(this.#parts.table.found, 0) : nothing();
  }
}
