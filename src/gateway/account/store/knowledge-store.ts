import { type Logger, messageOf } from '../../../base/index.js';
import type { Knowledge, Retention } from '../../../knowledge/index.js';
import type { CallColumns, FootprintWindow, NodeSecond } from '../../../model/index.js';
import type { CallPage, CallQuery } from '../account.js';
import type { AccountStore, WindowRange } from './account-store.js';
import { Outbox } from './outbox.js';

/** While nothing can be written. */
const MOST_CALLS = 2_000_000;
const MOST_SECONDS = 3_600;
const MOST_WINDOWS = 1_440;
/** Ticks are written so many at a time. */
const SECONDS_AT_ONCE = 10;
/** A question is not kept waiting longer than that takes. */
const CHUNKS_BEFORE_ANSWER = 5;
const TIDY_PAUSE_MILLISECONDS = 50;

/** The account in the knowledge base. Written a piece at a time; what is asked for is written before the answer. */
export class KnowledgeStore implements AccountStore {
  readonly #knowledge: Knowledge;
  readonly #retention: Retention;
  readonly #log: Logger;
  readonly #calls: Outbox<CallColumns>;
  readonly #seconds: Outbox<readonly NodeSecond[]>;
  readonly #windows: Outbox<readonly FootprintWindow[]>;
  #recent: NodeSecond[] = [];
  #tidying: NodeJS.Timeout | undefined;
  #tidyFailure: string | undefined;

  constructor(knowledge: Knowledge, retention: Retention, log: Logger) {
    const { served } = knowledge;
    this.#knowledge = knowledge;
    this.#retention = retention;
    this.#log = log;
    this.#calls = new Outbox({
      name: 'calls',
      write: (calls) => served.recordCalls(calls),
      most: MOST_CALLS,
      log,
    });
    this.#seconds = new Outbox({
      name: 'seconds of the machine',
      write: (seconds) => served.recordSeconds(seconds),
      most: MOST_SECONDS,
      log,
    });
    this.#windows = new Outbox({
      name: 'windows of the account',
      write: ([window]) => window && served.recordWindow(window),
      most: MOST_WINDOWS,
      chunk: 1,
      log,
    });
  }

  recordCalls(calls: CallColumns): void {
    this.#calls.add(calls);
  }

  recordSeconds(seconds: readonly NodeSecond[]): void {
    this.#recent.push(...seconds);
    if (this.#recent.length >= SECONDS_AT_ONCE) this.#passOn();
  }

  recordWindow(window: FootprintWindow): void {
    this.#windows.add([window]);
  }

  footprints(range: WindowRange): FootprintWindow | undefined {
    this.#windows.flush();
    return this.#knowledge.served.footprints(range);
  }

  calls(query: CallQuery): CallPage {
    // Of very many, those that came last may not be written yet.
    this.#calls.flush(CHUNKS_BEFORE_ANSWER);
    return this.#knowledge.served.calls(query);
  }

  seconds(from: number, to: number): Iterable<NodeSecond> {
    this.#passOn();
    this.#seconds.flush();
    return this.#knowledge.served.seconds({ from, to });
  }

  tidy(now: number): void {
    this.#tidying ??= setTimeout(() => {
      this.#tidying = undefined;
      if (!this.#tidyStep(now)) this.tidy(now);
    }, TIDY_PAUSE_MILLISECONDS).unref();
  }

  ailment(): string | undefined {
    const all = [this.#windows.ailment(), this.#calls.ailment(), this.#seconds.ailment(), this.#tidyFailure];
    return all.find((each) => each !== undefined);
  }

  close(): void {
    clearTimeout(this.#tidying);
    this.#passOn();
    for (const outbox of [this.#windows, this.#calls, this.#seconds]) outbox.close();
    this.#knowledge.close();
  }

  /** True when there is nothing more to do now. */
  #tidyStep(now: number): boolean {
    try {
      const { done } = this.#knowledge.served.tidy(now, this.#retention);
      this.#tidyFailure = undefined;
      return done;
    } catch (error) {
      const failure = `what is old can't be removed: ${messageOf(error)}`;
      if (failure !== this.#tidyFailure) this.#log.error(failure);
      this.#tidyFailure = failure;
      return true;
    }
  }

  #passOn(): void {
    if (this.#recent.length === 0) return;
    this.#seconds.add(this.#recent);
    this.#recent = [];
  }
}
