import { EventHeap } from './event-heap.js';

/**
 * Who keeps a floor up. A floor is on at a moment if any function was active within the last `hysteresisSeconds`: a game whose
 * Shapley value is an even split, at each moment, among the functions that were. `share` is the integral of one such part.
 */
export class FloorPlayers {
  readonly #hysteresis: number;
  readonly #active: Int32Array;
  readonly #until: Float64Array;
  readonly #mark: Float64Array;
  readonly #expiries = new EventHeap();
  readonly joules: Float64Array;
  count = 0;

  constructor(functions: number, hysteresisSeconds: number) {
    this.#hysteresis = hysteresisSeconds;
    this.#active = new Int32Array(functions);
    this.#until = new Float64Array(functions).fill(Number.NEGATIVE_INFINITY);
    this.#mark = new Float64Array(functions);
    this.joules = new Float64Array(functions);
  }

  /** When somebody may stop to count. */
  get nextExpiry(): number {
    return this.#expiries.nextKey;
  }

  enter(player: number, share: number): void {
    const active = this.#active[player] ?? 0;
    this.#active[player] = active + 1;
    if (active > 0) return;
    if (this.#until[player] === Number.NEGATIVE_INFINITY) {
      this.count++;
      this.#mark[player] = share;
    }
    this.#until[player] = Number.POSITIVE_INFINITY;
  }

  leave(player: number, time: number): void {
    const active = (this.#active[player] ?? 0) - 1;
    this.#active[player] = active;
    if (active > 0) return;
    this.#until[player] = time + this.#hysteresis;
    this.#expiries.push(time + this.#hysteresis, player);
  }

  expire(share: number): void {
    const time = this.#expiries.nextKey;
    const player = this.#expiries.pop();
    // It became active again meanwhile, or left again later.
    if (this.#until[player] !== time) return;
    this.#until[player] = Number.NEGATIVE_INFINITY;
    this.joules[player] = (this.joules[player] ?? 0) + share - (this.#mark[player] ?? 0);
    this.count--;
  }
}
