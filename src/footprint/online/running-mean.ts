import type { SavedState } from './saved-state.js';

/** A mean in which what is so many seconds of evidence old counts e times less. */
export class RunningMean {
  readonly #memorySeconds: number;
  #sum: number;
  #seconds: number;

  constructor(memorySeconds: number, state?: SavedState) {
    this.#memorySeconds = memorySeconds;
    this.#sum = state?.number('sum') ?? 0;
    this.#seconds = state?.number('seconds', 0) ?? 0;
  }

  /** 0 before anything was added. */
  get mean(): number {
    return this.#seconds > 0 ? this.#sum / this.#seconds : 0;
  }

  add(value: number, seconds: number): void {
    const kept = Math.exp(-seconds / this.#memorySeconds);
    this.#sum = this.#sum * kept + value * seconds;
    this.#seconds = this.#seconds * kept + seconds;
  }

  toJSON(): unknown {
    return { sum: this.#sum, seconds: this.#seconds };
  }
}
