import { type Amount, raise } from './amount.js';

interface Floor {
  readonly incarnation: unknown;
  readonly amount: Amount;
}

/**
 * Keeps cumulative figures from going backwards. A slice that runs is told by the clock; when it ends the kernel takes out
 * what a hypervisor stole meanwhile. Remembers only those who ran at the last reading, and those not yet above it again.
 */
export class Floors<Id> {
  #floors = new Map<Id, Floor>();
  #next = new Map<Id, Floor>();

  /** Lifts an amount to what was told last. The incarnation tells apart who has had the same id one after another. */
  lift(id: Id, incarnation: unknown, amount: Amount, isRunning: boolean): void {
    const floor = this.#floors.get(id);
    const wasBelow = floor?.incarnation === incarnation && floor !== undefined && raise(amount, floor.amount);
    if (isRunning || wasBelow) this.#next.set(id, { incarnation, amount: { ...amount } });
  }

  /** Everybody has been lifted: the next reading begins. */
  turn(): void {
    this.#floors = this.#next;
    this.#next = new Map();
  }
}
