import { NANOSECONDS_PER_SECOND, type Usage } from '../../model/index.js';
import { AMOUNT } from './layout.js';
import type { Words } from './words.js';

/** Use of processors as the kernel programs count it. */
export interface Amount {
  ns: number;
  cycles: number;
  switches: number;
}

export const nothing = (): Amount => ({ ns: 0, cycles: 0, switches: 0 });

export const amountAt = (words: Words, word: number): Amount => ({
  ns: words.number(word + AMOUNT.ns),
  cycles: words.number(word + AMOUNT.cycles),
  switches: words.number(word + AMOUNT.switches),
});

export function add(to: Amount, amount: Amount): void {
  to.ns += amount.ns;
  to.cycles += amount.cycles;
  to.switches += amount.switches;
}

/** Lifts an amount to at least another; whether it had to be lifted. */
export function raise(amount: Amount, floor: Amount): boolean {
  const isBelow = amount.ns < floor.ns || amount.cycles < floor.cycles || amount.switches < floor.switches;
  amount.ns = Math.max(amount.ns, floor.ns);
  amount.cycles = Math.max(amount.cycles, floor.cycles);
  amount.switches = Math.max(amount.switches, floor.switches);
  return isBelow;
}

/** Cycles are told only where a counter counts them. */
export const usageOf = (amount: Amount, countsCycles: boolean): Usage => ({
  cpuSeconds: amount.ns / NANOSECONDS_PER_SECOND,
  contextSwitches: amount.switches,
  ...(countsCycles ? { cycles: amount.cycles } : {}),
});
