import { type Amount, add, nothing } from './amount.js';
import type { CpuBoard, Slice } from './cpu-board.js';

const ROUNDS = 8;

/** Someone who is on processors: one of the slices, and which processors. */
export interface Presence {
  readonly slice: Slice;
  readonly cpus: readonly number[];
}

/** Who runs now, by identity. */
export function present<Id>(board: CpuBoard, identity: (slice: Slice) => Id): Map<Id, Presence> {
  const found = new Map<Id, { slice: Slice; cpus: number[] }>();
  for (let cpu = 0; cpu < board.count; cpu++) {
    const slice = board.sliceNow(cpu);
    if (slice === undefined) continue;
    const id = identity(slice);
    const presence = found.get(id);
    if (presence) presence.cpus.push(cpu);
    else found.set(id, { slice, cpus: [cpu] });
  }
  return found;
}

/**
 * The exact amounts, running slices included, of those who run now or ran when `before` was taken. A table takes a while
 * to read and slices end meanwhile: for these few it is read again, in a moment in which their processors do not switch.
 */
export function runningAmounts<Id>(
  board: CpuBoard,
  before: ReadonlyMap<Id, Presence>,
  identity: (slice: Slice) => Id,
  lookup: (slice: Slice) => Amount,
): Map<Id, { readonly slice: Slice; readonly amount: Amount }> {
  const now = present(board, identity);
  const amounts = new Map<Id, { slice: Slice; amount: Amount }>();
  for (const [id, { slice }] of before) {
    if (!now.has(id)) amounts.set(id, { slice, amount: lookup(slice) });
  }
  for (const [id, { slice, cpus }] of now) {
    let amount = nothing();
    for (let round = 0; round < ROUNDS; round++) {
      const sequences = cpus.map((cpu) => board.sequence(cpu));
      amount = lookup(slice);
      for (const cpu of cpus) {
        const running = board.sliceNow(cpu);
        if (running && identity(running) === id) add(amount, running.amount);
      }
      if (cpus.every((cpu, index) => board.sequence(cpu) === sequences[index])) break;
    }
    amounts.set(id, { slice, amount });
  }
  return amounts;
}
