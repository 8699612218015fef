import type { Clock } from '../../base/index.js';
import { Agenda } from './agenda.js';
import { Lanes, type LanesOptions } from './lanes.js';

interface Task {
  readonly lane: string;
  readonly key: number;
}

/** What came of a task. */
interface Done {
  /** Seconds after which it is to be done again; it is over without. */
  readonly againSeconds?: number;
  /** Its lane is given more than it can do. */
  readonly wasBusy?: boolean;
}

export type Work = (key: number, signal: AbortSignal) => Promise<Done>;

/** Time that tasks have to end after they were told to. */
const GRACE_SECONDS = 2;

/** Tasks by number, done a few at a time and each lane in its turn, some of them later. */
export class Desk {
  readonly #clock: Clock;
  readonly #work: Work;
  readonly #lanes: Lanes;
  readonly #later: Agenda<Task>;
  readonly #underWay = new Map<number, { readonly abort: AbortController; readonly ended: Promise<void> }>();
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

  has(key: number): boolean {
    return this.#underWay.has(key);
  }

  /** Those that wait for their turn, or for their time. */
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
    const ended = Promise.all([...this.#underWay.values()].map((task) => task.ended));
    const over = new AbortController();
    const aborted = new Promise<void>((resolve) => {
      const abort = (): void => {
        for (const task of this.#underWay.values()) task.abort.abort();
        void this.#clock.sleep(GRACE_SECONDS, over.signal).then(resolve);
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true, signal: over.signal });
    });
    await Promise.race([ended, aborted]);
    over.abort();
  }

  #begin(): void {
    while (!this.#isStopped) {
      const next = this.#lanes.next();
      if (next === undefined) return;
      const { lane, item: key } = next;
      const abort = new AbortController();
      this.#underWay.set(key, { abort, ended: this.#do(lane, key, abort.signal) });
    }
  }

  async #do(lane: string, key: number, signal: AbortSignal): Promise<void> {
    const { againSeconds, wasBusy = false } = await this.#work(key, signal);
    this.#underWay.delete(key);
    this.#lanes.ended(lane, wasBusy);
    if (againSeconds !== undefined) this.add(lane, key, againSeconds);
    this.#begin();
  }
}
