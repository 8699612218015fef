import type { Amount } from './amount.js';
import { CPU } from './layout.js';
import type { Words } from './words.js';

/** The kernel's CLOCK_MONOTONIC in nanoseconds, which its programs stamp with. */
export type KernelClock = () => number;
export const kernelClock: KernelClock = () => Number(process.hrtime.bigint());

/** What runs on a processor right now, and its time there so far. */
export interface Slice {
  readonly tgid: number;
  /** Nanoseconds after boot at which the process began. */
  readonly started: bigint;
  readonly cgroup: bigint;
  readonly slot: number;
  readonly epoch: number;
  readonly since: number;
  readonly amount: Amount;
}

/** What a processor did since the account began. */
export interface CpuBusy {
  readonly hardNs: number;
  readonly hardCount: number;
  readonly softNs: number;
  readonly softCount: number;
  readonly taskNs: number;
  readonly cycles: number;
  readonly switches: number;
  /** Switches that the kernel did not tell; made up for by the scheduler's own account. */
  readonly missed: number;
}

/** The processors' records in memory shared with the kernel: what has ended, and what runs at this moment. */
export class CpuBoard {
  readonly count: number;
  readonly #words: Words;
  readonly #now: KernelClock;
  readonly #cyclesOn: (cpu: number) => number | undefined;

  constructor(
    words: Words,
    count: number,
    now: KernelClock = kernelClock,
    cyclesOn: (cpu: number) => number | undefined = () => undefined,
  ) {
    this.#words = words;
    this.count = count;
    this.#now = now;
    this.#cyclesOn = cyclesOn;
  }

  /** Reads something of a processor while nothing of it changes. */
  consistent<T>(cpu: number, read: () => T): T {
    const base = cpu * CPU.words;
    return this.#words.consistent(
      [base + CPU.sequence, base + CPU.hardSequence, base + CPU.softSequence],
      read,
    );
  }

  /** Changes whenever the scheduler has switched on the processor. */
  sequence(cpu: number): number {
    return this.#words.fresh(cpu * CPU.words + CPU.sequence);
  }

  /** The slot that the running slice was looked up to, whatever has changed since. */
  slotOf(cpu: number): number {
    return this.#words.half(cpu * CPU.words + CPU.slot, 0);
  }

  /** The slice that runs, or undefined when the processor is idle or not known yet. Call within `consistent`. */
  slice(cpu: number): Slice | undefined {
    const words = this.#words;
    const base = cpu * CPU.words;
    if (words.half(base + CPU.pid, 0) === 0 || words.number(base + CPU.since) === 0) return undefined;
    const now = this.#now();
    const interrupts =
      this.#difference(base, CPU.hardNs, CPU.hardNsAtSince) +
      this.#difference(base, CPU.softNs, CPU.softNsAtSince) +
      this.#openHard(base, now) +
      this.#openSoft(base, now);
    const since = words.number(base + CPU.since);
    const cycles = this.#cyclesOn(cpu);
    return {
      tgid: words.half(base + CPU.pid, 1),
      started: words.big(base + CPU.started),
      cgroup: words.big(base + CPU.cgroup),
      slot: words.half(base + CPU.slot, 0),
      epoch: words.half(base + CPU.slot, 1),
      since,
      amount: {
        ns: Math.max(0, now - since - interrupts),
        cycles: cycles === undefined ? 0 : Math.max(0, cycles - words.number(base + CPU.cyclesAtSince)),
        switches: 0,
      },
    };
  }

  sliceNow(cpu: number): Slice | undefined {
    return this.consistent(cpu, () => this.slice(cpu));
  }

  /** Everything up to now, the running slice and interrupt included. */
  busy(cpu: number): CpuBusy {
    const words = this.#words;
    const base = cpu * CPU.words;
    return this.consistent(cpu, () => {
      const now = this.#now();
      const running = this.slice(cpu)?.amount;
      return {
        taskNs: words.number(base + CPU.taskNs) + (running?.ns ?? 0),
        cycles: words.number(base + CPU.taskCycles) + (running?.cycles ?? 0),
        switches: words.number(base + CPU.switches),
        missed: words.number(base + CPU.missed),
        hardNs: words.number(base + CPU.hardNs) + this.#openHard(base, now),
        hardCount: words.number(base + CPU.hardCount),
        softNs: words.number(base + CPU.softNs) + this.#openSoft(base, now),
        softCount: words.number(base + CPU.softCount),
      };
    });
  }

  #difference(base: number, later: number, earlier: number): number {
    return Math.max(0, this.#words.number(base + later) - this.#words.number(base + earlier));
  }

  /** Of a hard interrupt that is being handled now. */
  #openHard(base: number, now: number): number {
    const since = this.#words.number(base + CPU.hardSince);
    return since === 0 ? 0 : Math.max(0, now - since);
  }

  /** Of a soft interrupt that is being handled now, without the hard ones in it. */
  #openSoft(base: number, now: number): number {
    const since = this.#words.number(base + CPU.softSince);
    if (since === 0) return 0;
    const hard = this.#difference(base, CPU.hardNs, CPU.softHardNs) + this.#openHard(base, now);
    return Math.max(0, now - since - hard);
  }
}
