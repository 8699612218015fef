import { Heap } from './heap.js';
import type { Ticket } from './ticket.js';

const isSooner = (a: Ticket, b: Ticket): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.number < b.number);
const isLater = (a: Ticket, b: Ticket): boolean => isSooner(b, a);
const endsSooner = (a: Ticket, b: Ticket): boolean => a.call.deadline < b.call.deadline;

/** Settled tickets that may stay in the heaps before these are made anew. */
const SLACK = 64;

/** Tickets that wait: by who is next, by whom to shed when there are too many, and by whose deadline is first. */
export class WaitingLine {
  readonly #next = new Heap<Ticket>(isSooner);
  readonly #last = new Heap<Ticket>(isLater);
  readonly #deadlines = new Heap<Ticket>(endsSooner);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get next(): Ticket | undefined {
    return first(this.#next);
  }

  get last(): Ticket | undefined {
    return first(this.#last);
  }

  get firstDeadline(): Ticket | undefined {
    return first(this.#deadlines);
  }

  add(ticket: Ticket): void {
    this.#size++;
    for (const heap of [this.#next, this.#last, this.#deadlines]) heap.push(ticket);
  }

  /** A ticket of the line was settled. It stays in the heaps until it comes to their tops, or there are too many such. */
  removed(): void {
    this.#size--;
    for (const heap of [this.#next, this.#last, this.#deadlines])
      if (heap.size > 2 * this.#size + SLACK) heap.keep(({ waits }) => waits);
  }
}

function first(heap: Heap<Ticket>): Ticket | undefined {
  while (heap.first !== undefined && !heap.first.waits) heap.pop();
  return heap.first;
}
