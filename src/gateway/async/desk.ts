import type { Clock } from '../../base/index.js';
import { Agenda } from './agenda.js';
import { Lanes, type LanesOptions } from './lanes.js';

interface Task {
  readonly lane: string;
  readonly key: number;
}

/** Does a task. Resolves with the seconds after which it is to be done again; undefined when it is over. Never rejects. */
export type Work = (key: number, signal: AbortSignal) => Promise<number | undefined>;

/** Time that tasks have to end after they were told to. */
const GRACE_SECONDS = 2;

/** Tasks by number, done a few at a time and each lane in its turn, some of them later. */
export class Desk {
  readonly #clock: Clock;
  readonly #work: Work;
  readonly #lanes: Lanes;
  readonly #later: Agenda<Task>;
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #abort = new AbortController();
  #isStopped = false;

  constructor(clock: Clock, options: LanesOptions, work: Work) {
    this.#clock = clock;
    this.#work = work;
    this.#lanes = new Lanes(options);
    this.#later = new Agenda(clock, ({ lane, key }) => this.add(lane, key));
  }

  get running(): number {
    return this.#underWay.size;
  }

  /** Those that wait for their turn, or for their time. */
  get waiting(): number {
    return this.#lanes.waiting + this.#later.length;
  }

  has(key: number): boolean {
    return this.#underWay.has(key);
  }

  waitingByLane(): Record<string, number> {
    const counts = this.#lanes.waitingByLane();
    for (const { lane } of this.#later.items()) counts[lane] = (counts[lane] ?? 0) + 1;
    return counts;
  }

  add(lane: string, key: number, delaySeconds = 0): void {
    if (delaySeconds > 0) this.#later.add(delaySeconds, { lane, key });
    else {
      this.#lanes.add(lane, key);
      this.#begin();
    }
  }

  /** Begins nothing any more, and waits for what is under way; when the signal is aborted, that is aborted too. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#isStopped = true;
    this.#later.close();
    const ended = Promise.all(this.#underWay.values());
    const patience = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      const abort = (): void => {
        this.#abort.abort();
        void this.#clock.sleep(GRACE_SECONDS, patience.signal).then(resolve);
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true, signal: patience.signal });
    });
    await Promise.race([ended, aborted]);
    patience.abort();
  }

  #begin(): void {
    while (!this.#isStopped) {
      const next = this.#lanes.next();
      if (next === undefined) return;
      const { lane, item: key } = next;
      this.#underWay.set(key, this.#do(lane, key));
    }
  }

  async #do(lane: string, key: number): Promise<void> {
    const again = await this.#work(key, this.#abort.signal);
    this.#underWay.delete(key);
    this.#lanes.ended(lane);
    if (again !== undefined) this.add(lane, key, again);
    this.#begin();
  }
}
