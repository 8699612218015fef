import { enlarged } from '../../../maths/index.js';
import type { CallOrigin, ServedCall } from '../../../model/index.js';
import { MOST_NUMBERS, SEPARATOR, type TextTable, writeBegan, writeEnded } from './call-codec.js';

/** Calls that end in a batch, at most. */
const MOST_EVENTS = 1_000;

export interface Batch {
  readonly numbers: Float64Array;
  readonly shared: readonly string[];
  /** In one text, as a thousand of them cost five times as much on their way. */
  readonly own: string;
  readonly events: number;
}

/** Collects events of calls into batches; nothing is allocated for an event but the place of its id. */
export class FeedWriter implements TextTable {
  #numbers = new Float64Array(MOST_EVENTS * MOST_NUMBERS);
  readonly #placeOf = new Map<string, number>();
  readonly #originOf = new Map<string, number>();
  #shared: string[] = [];
  #own: string[] = [];
  #at = 0;
  #events = 0;

  get isEmpty(): boolean {
    return this.#events === 0;
  }

  /** To be taken soon: what comes still finds room. */
  get isFull(): boolean {
    return this.#events >= MOST_EVENTS;
  }

  began(key: number, name: string, startedAt: number): void {
    this.#makeRoom();
    this.#at = writeBegan(this.#numbers, this.#at, this, key, name, startedAt);
    this.#events++;
  }

  ended(key: number, call: ServedCall): void {
    this.#makeRoom();
    this.#at = writeEnded(this.#numbers, this.#at, this, key, call);
    this.#events++;
  }

  /** What was collected. The numbers stand in this writer's own memory: they are to be sent before the next event. */
  take(): Batch {
    const batch = {
      numbers: this.#numbers.subarray(0, this.#at),
      shared: this.#shared,
      own: this.#own.join(SEPARATOR),
      events: this.#events,
    };
    this.#shared = [];
    this.#own = [];
    this.#placeOf.clear();
    this.#originOf.clear();
    this.#at = 0;
    this.#events = 0;
    return batch;
  }

  shared(text: string): number {
    const known = this.#placeOf.get(text);
    if (known !== undefined) return known;
    const place = this.#shared.push(text) - 1;
    this.#placeOf.set(text, place);
    return place;
  }

  origin({ function: name, version, replica }: CallOrigin): number {
    const known = this.#originOf.get(replica);
    if (known !== undefined && this.#shared[known] === name && this.#shared[known + 1] === version)
      return known;
    const place = this.#shared.push(name, version, replica) - 3;
    this.#originOf.set(replica, place);
    return place;
  }

  own(text: string): void {
    this.#own.push(text);
  }

  #makeRoom(): void {
    if (this.#at + MOST_NUMBERS > this.#numbers.length)
      this.#numbers = enlarged(this.#numbers, this.#numbers.length * 2);
  }
}
