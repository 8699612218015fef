import type { ServedCall } from '../../../model/index.js';
import type { CountedCalls, FeedSink } from '../feeds/feed.js';
import type { Recognition } from '../rules/recognition.js';

/** A function whose workers were last seen longer ago runs elsewhere now, if it runs at all. */
const HERE_SECONDS = 60;
/** Functions that are remembered at most. */
const MOST = 10_000;

interface Seen {
  readonly name: string;
  recognition: Recognition;
  at: number;
  /** When a call of it was told last. */
  toldAt: number;
}

/** Functions whose workers are on this machine. */
export class FunctionsHere {
  /** By the name in small letters; the longest unseen first. */
  readonly #seen = new Map<string, Seen>();

  saw(name: string, recognition: Recognition, at: number): void {
    const key = name.toLowerCase();
    const toldAt = this.#seen.get(key)?.toldAt ?? Number.NEGATIVE_INFINITY;
    this.#seen.delete(key);
    this.#seen.set(key, { name, recognition, at, toldAt });
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= MOST) break;
      this.#seen.delete(oldest);
    }
  }

  told(name: string, at: number): void {
    const seen = this.#seen.get(name.toLowerCase());
    if (seen) seen.toldAt = at;
  }

  toldAt(name: string): number {
    return this.#seen.get(name.toLowerCase())?.toldAt ?? Number.NEGATIVE_INFINITY;
  }

  recognitionOf(name: string): Recognition | undefined {
    return this.#seen.get(name.toLowerCase())?.recognition;
  }

  /** What a function is called here, whatever letters its platform writes large; undefined where it has no worker here. */
  nameOf(name: string, now: number): string | undefined {
    const seen = this.#seen.get(name.toLowerCase());
    return seen !== undefined && now - seen.at <= HERE_SECONDS ? seen.name : undefined;
  }
}

interface Waiting {
  readonly name: string;
  readonly tell: (name: string) => void;
  looks: number;
}

/** A worker that is called after a long rest shows at the next look. */
const LOOKS = 3;
/** What waits for a look at most. */
const MOST_WAITING = 10_000;

/** Hears of the calls of a whole cluster, and passes on those of functions that have workers here. */
export class OnlyHere implements FeedSink {
  readonly #sink: FeedSink;
  readonly #nameOf: (name: string) => string | undefined;
  #waiting: Waiting[] = [];

  constructor(sink: FeedSink, nameOf: (name: string) => string | undefined) {
    this.#sink = sink;
    this.#nameOf = nameOf;
  }

  began(id: string, functionName: string, at: number): void {
    this.#tell(functionName, (name) => this.#sink.began(id, name, at));
  }

  ended(call: ServedCall): void {
    this.#tell(call.function, (name) => this.#sink.ended({ ...call, function: name }));
  }

  left(id: string, at: number): void {
    this.#sink.left(id, at);
  }

  counted(calls: CountedCalls): void {
    this.#tell(calls.function, (name) => this.#sink.counted({ ...calls, function: name }));
  }

  /** Workers were looked at: what was told before may be of one that shows now. */
  looked(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      const name = this.#nameOf(each.name);
      if (name !== undefined) each.tell(name);
      else if (--each.looks > 0) this.#waiting.push(each);
    }
  }

  #tell(functionName: string, tell: (name: string) => void): void {
    const name = this.#nameOf(functionName);
    if (name !== undefined) tell(name);
    else if (this.#waiting.length < MOST_WAITING) {
      this.#waiting.push({ name: functionName, tell, looks: LOOKS });
    }
  }
}
