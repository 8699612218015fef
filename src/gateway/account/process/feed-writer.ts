import type { ServedCall } from '../../../model/index.js';
import { MOST_NUMBERS, type TextTable, writeBegan, writeEnded } from './call-codec.js';

/** Events of a batch at most. */
const MOST_EVENTS = 1_000;

export interface Batch {
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
  readonly events: number;
}

/** Collects events of calls into batches; nothing is allocated for an event but the place of its texts. */
export class FeedWriter implements TextTable {
  readonly #numbers = new Float64Array(MOST_EVENTS * MOST_NUMBERS);
  readonly #placeOf = new Map<string, number>();
  #texts: string[] = [];
  #at = 0;
  #events = 0;

  get isEmpty(): boolean {
    return this.#events === 0;
  }

  get isFull(): boolean {
    return this.#events >= MOST_EVENTS;
  }

  /** There must be room: a full batch is taken first. */
  began(key: number, name: string, startedAt: number): void {
    this.#at = writeBegan(this.#numbers, this.#at, this, key, name, startedAt);
    this.#events++;
  }

  ended(key: number, call: ServedCall): void {
    this.#at = writeEnded(this.#numbers, this.#at, this, key, call);
    this.#events++;
  }

  /** What was collected. The numbers stand in this writer's own memory: they are to be sent before the next event. */
  take(): Batch {
    const batch = {
      numbers: this.#numbers.subarray(0, this.#at),
      texts: this.#texts,
      events: this.#events,
    };
    this.#texts = [];
    this.#placeOf.clear();
    this.#at = 0;
    this.#events = 0;
    return batch;
  }

  shared(text: string): number {
    const known = this.#placeOf.get(text);
    if (known !== undefined) return known;
    const place = this.own(text);
    this.#placeOf.set(text, place);
    return place;
  }

  own(text: string): number {
    return this.#texts.push(text) - 1;
  }
}
