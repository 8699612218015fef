import type { SavedState } from './saved-state.js';

/** What a function's calls took in a window. */
export interface CallTally {
  activations: number;
  seconds: number;
  /** Seconds that ran in ticks of which the processor seconds are known, and these. */
  countedSeconds: number;
  cpuSeconds: number;
  /** Seconds that ran in ticks with measured power, and own joules there. */
  measuredSeconds: number;
  joules: number;
}

export const emptyTally = (): CallTally => ({
  activations: 0,
  seconds: 0,
  countedSeconds: 0,
  cpuSeconds: 0,
  measuredSeconds: 0,
  joules: 0,
});

const FIELDS = [
  'activations',
  'seconds',
  'countedSeconds',
  'cpuSeconds',
  'measuredSeconds',
  'joules',
] as const;
/** Figures are means over about so many windows in which the function ran. */
const MEMORY_WINDOWS = 10;

/** What functions' calls usually take: windows in which a function ran count less the longer ago they were; silence changes nothing. */
export class CallMemory {
  readonly #most: number;
  /** The longest silent first. */
  readonly #tallies = new Map<string, CallTally>();

  constructor(maxFunctions: number) {
    this.#most = maxFunctions;
  }

  has(name: string): boolean {
    return this.#tallies.has(name);
  }

  of(name: string): CallTally {
    return this.#tallies.get(name) ?? emptyTally();
  }

  /** Processors that a running call keeps busy; undefined while nobody has counted them. */
  processorsOf(name: string): number | undefined {
    const { countedSeconds, cpuSeconds } = this.of(name);
    return countedSeconds > 0 ? cpuSeconds / countedSeconds : undefined;
  }

  take(name: string, tally: CallTally): void {
    const before = this.of(name);
    const after = emptyTally();
    for (const field of FIELDS) after[field] = before[field] * (1 - 1 / MEMORY_WINDOWS) + tally[field];
    this.#tallies.delete(name);
    this.#tallies.set(name, after);
    for (const oldest of this.#tallies.keys()) {
      if (this.#tallies.size <= this.#most) break;
      this.#tallies.delete(oldest);
    }
  }

  toJSON(): unknown {
    const tallies = [...this.#tallies.values()];
    return {
      functions: [...this.#tallies.keys()],
      ...Object.fromEntries(FIELDS.map((field) => [field, tallies.map((tally) => tally[field])])),
    };
  }

  static from(state: SavedState, maxFunctions: number): CallMemory {
    const memory = new CallMemory(maxFunctions);
    const names = state.texts('functions');
    const columns = FIELDS.map((field) => [field, state.numbers(field, names.length, 0)] as const);
    for (const [i, name] of names.entries()) {
      const tally = emptyTally();
      for (const [field, values] of columns) tally[field] = values[i] ?? 0;
      memory.#tallies.set(name, tally);
    }
    return memory;
  }
}
