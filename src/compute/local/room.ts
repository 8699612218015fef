import type { Resources } from '../../model/index.js';

/** Parts of processors don't add up exactly. */
const ROUNDING = 1e-9;

/** What all workers together may be given, and how much of it they have. */
export class Room {
  readonly cpu: number;
  readonly memoryMib: number;
  #usedCpu = 0;
  #usedMemoryMib = 0;

  constructor(cpu: number, memoryMib: number) {
    this.cpu = cpu;
    this.memoryMib = memoryMib;
  }

  /** How many of a size there can be at once. */
  capacity({ cpu, memoryMib }: Resources): number {
    return Math.floor(Math.min(this.cpu / cpu + ROUNDING, this.memoryMib / memoryMib + ROUNDING));
  }

  /** Whether a worker of this size fits, `freed` given back before. */
  fits(wanted: Resources, freed: readonly Resources[] = []): boolean {
    const cpu = freed.reduce((sum, one) => sum + one.cpu, 0);
    const memoryMib = freed.reduce((sum, one) => sum + one.memoryMib, 0);
    return (
      this.#usedCpu - cpu + wanted.cpu <= this.cpu + ROUNDING &&
      this.#usedMemoryMib - memoryMib + wanted.memoryMib <= this.memoryMib + ROUNDING
    );
  }

  take({ cpu, memoryMib }: Resources): void {
    this.#usedCpu += cpu;
    this.#usedMemoryMib += memoryMib;
  }

  giveBack({ cpu, memoryMib }: Resources): void {
    this.#usedCpu -= cpu;
    this.#usedMemoryMib -= memoryMib;
  }
}
