import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import type { ProcessIdentity, Usage } from '../../model/index.js';
import type { FollowedTree } from '../source.js';
import { type Amount, add, amountAt, nothing, usageOf } from './amount.js';
import type { CpuBoard, KernelClock, Slice } from './cpu-board.js';
import { AMOUNT, CONTROL, FOLLOWED, NANOSECONDS_PER_TICK, SLOTS } from './layout.js';
import { childrenOf, identify } from './proc-stat.js';
import type { Table } from './table.js';
import { Tree, type TreeKeeper } from './tree.js';
import { Words } from './words.js';

/** What a process was last marked as, for slices that began before. */
interface Mark {
  readonly startTicks: number;
  readonly slot: number;
  readonly since: number;
  readonly epoch: number;
}

export interface FollowedTreesParts {
  readonly host: Host;
  readonly board: CpuBoard;
  readonly control: Words;
  readonly slots: Words;
  readonly table: Table;
  readonly now: KernelClock;
  readonly countsCycles: boolean;
}

/**
 * Process trees whose use of processors the kernel adds up. Each process belongs to one slot at most. Trees may lie within
 * each other: where a newly followed tree takes processes out of a slot, its own slot counts for the others too, so each
 * slot has a set of trees and each tree a set of slots.
 */
export class FollowedTrees implements TreeKeeper {
  readonly #parts: FollowedTreesParts;
  readonly #owners = new Map<number, Set<Tree>>();
  readonly #marks = new Map<number, Mark>();
  /** Slots that were used and are not any more, longest ago first. */
  #resting: number[] = [];
  #unused = 1;
  #epoch = 0;
  readonly #key = Buffer.alloc(4);
  readonly #entry = Buffer.from(new ArrayBuffer(FOLLOWED.words * 8));

  constructor(parts: FollowedTreesParts) {
    this.#parts = parts;
  }

  follow(pid: number): FollowedTree {
    if (identify(this.#parts.host, pid) === undefined) {
      throw new WattloopError(ErrorCode.notFound, `there is no process ${pid} to follow`, {
        remedy: 'Follow it before it ends',
      });
    }
    const tree = new Tree(this);
    const { control } = this.#parts;
    control.setHalf(CONTROL.following, 0, 1);
    try {
      this.#markAll(pid, tree);
    } catch (error) {
      this.close(tree);
      throw error;
    }
    return tree;
  }

  /** Ends them all with the figures of now; they may still be read. */
  closeAll(): void {
    const open = new Set([...this.#owners.values()].flatMap((owners) => [...owners]));
    for (const tree of open) tree.close();
  }

  usage(tree: Tree): Usage {
    const { board, slots, countsCycles } = this.#parts;
    const total = nothing();
    for (let cpu = 0; cpu < board.count; cpu++) {
      const amount = board.consistent(cpu, () => {
        const sum = nothing();
        for (const slot of tree.slots) add(sum, amountAt(slots, (cpu * SLOTS + slot) * AMOUNT.words));
        const running = board.slice(cpu);
        if (running) add(sum, this.#share(running, tree));
        return sum;
      });
      add(total, amount);
    }
    return usageOf(tree.atLeast(total), countsCycles);
  }

  living(tree: Tree): ProcessIdentity[] {
    const members: ProcessIdentity[] = [];
    this.#eachEntry((pid, slot, startTicks) => {
      if (!tree.slots.has(slot)) return;
      const identity = identify(this.#parts.host, pid);
      // It may have ended since.
      if (identity?.startTicks === startTicks) members.push(identity);
    });
    return members;
  }

  close(tree: Tree): void {
    for (const slot of tree.slots) {
      const owners = this.#owners.get(slot);
      owners?.delete(tree);
      if (owners?.size !== 0) continue;
      this.#owners.delete(slot);
      this.#resting.push(slot);
    }
    this.#sweep();
    if (this.#owners.size === 0) this.#parts.control.setHalf(CONTROL.following, 0, 0);
    this.#raiseEpoch();
  }

  /** What of a running slice belongs to a tree. */
  #share(running: Slice, tree: Tree): Amount {
    const mark = this.#marks.get(running.tgid);
    const isMarkedSince =
      mark !== undefined &&
      mark.epoch > running.epoch &&
      mark.slot !== running.slot &&
      BigInt(mark.startTicks) === running.started / BigInt(NANOSECONDS_PER_TICK);
    if (!isMarkedSince) return tree.slots.has(running.slot) ? running.amount : nothing();
    // Followed in the midst of the slice: what was before goes to the slot before.
    const { ns, cycles } = running.amount;
    const later = Math.min(ns, Math.max(0, this.#parts.now() - mark.since));
    const part = (tree.slots.has(mark.slot) ? later : 0) + (tree.slots.has(running.slot) ? ns - later : 0);
    return { ns: part, cycles: ns === 0 ? 0 : cycles * (part / ns), switches: 0 };
  }

  /** The root first: what it starts from then on inherits. What it had started before is looked for until nothing new turns up. */
  #markAll(root: number, tree: Tree): void {
    const seen = new Set<number>();
    let found = [root];
    while (found.length > 0) {
      for (const member of found) {
        seen.add(member);
        this.#mark(member, tree);
      }
      found = found
        .flatMap((member) => childrenOf(this.#parts.host, member))
        .filter((child) => !seen.has(child));
    }
    tree.successors.clear();
  }

  #mark(pid: number, tree: Tree): void {
    const { table, now, host } = this.#parts;
    const identity = identify(host, pid);
    if (identity === undefined) return;
    this.#key.writeUInt32LE(pid);
    const isFollowed =
      table.find(this.#key) && table.found.number(FOLLOWED.startedTicks) === identity.startTicks;
    const before = isFollowed ? table.found.half(FOLLOWED.slot, 0) : 0;
    if (tree.slots.has(before)) return;
    const slot = tree.successors.get(before) ?? this.#allocate(before, tree);
    const since = now();
    const entry = Words.of(this.#entry);
    entry.set(FOLLOWED.startedTicks, BigInt(identity.startTicks));
    entry.set(FOLLOWED.since, BigInt(since));
    entry.setHalf(FOLLOWED.slot, 0, slot);
    table.put(this.#key, this.#entry);
    this.#raiseEpoch();
    this.#marks.set(pid, { startTicks: identity.startTicks, slot, since, epoch: this.#epoch });
  }

  /** A slot for the tree's processes that belonged to `before` (0: to none) until now. */
  #allocate(before: number, tree: Tree): number {
    const slot = this.#takeSlot();
    const owners = new Set([...(this.#owners.get(before) ?? []), tree]);
    this.#owners.set(slot, owners);
    for (const owner of owners) owner.slots.add(slot);
    tree.successors.set(before, slot);
    return slot;
  }

  #takeSlot(): number {
    if (this.#unused < SLOTS) return this.#unused++;
    const { board, slots } = this.#parts;
    this.#sweep();
    const running = new Set(Array.from({ length: board.count }, (_, cpu) => board.slotOf(cpu)));
    const slot = this.#resting.find((candidate) => !running.has(candidate));
    if (slot === undefined) {
      throw new WattloopError(
        ErrorCode.sourceFailed,
        `ebpf: more than ${SLOTS - 1} process trees are followed at once`,
        { remedy: 'Close those that are not needed any more' },
      );
    }
    this.#resting = this.#resting.filter((candidate) => candidate !== slot);
    for (let cpu = 0; cpu < board.count; cpu++) {
      for (let word = 0; word < AMOUNT.words; word++)
        slots.set((cpu * SLOTS + slot) * AMOUNT.words + word, 0n);
    }
    return slot;
  }

  /** Takes out of the kernel's table whoever belongs to a slot that nobody owns. */
  #sweep(): void {
    const gone: number[] = [];
    this.#eachEntry((pid, slot) => {
      if (!this.#owners.has(slot)) gone.push(pid);
    });
    for (const pid of gone) {
      this.#key.writeUInt32LE(pid);
      this.#parts.table.remove(this.#key);
    }
    for (const [pid, mark] of this.#marks) if (!this.#owners.has(mark.slot)) this.#marks.delete(pid);
  }

  #eachEntry(visit: (pid: number, slot: number, startTicks: number) => void): void {
    const { count, keys, values } = this.#parts.table.all();
    for (let index = 0; index < count; index++) {
      // Keys are half words.
      const pid = keys.half(index >>> 1, (index & 1) as 0 | 1);
      const base = index * FOLLOWED.words;
      visit(pid, values.half(base + FOLLOWED.slot, 0), values.number(base + FOLLOWED.startedTicks));
    }
  }

  #raiseEpoch(): void {
    this.#epoch++;
    this.#parts.control.setHalf(CONTROL.following, 1, this.#epoch);
  }
}
