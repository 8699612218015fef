import type { Clock } from '../../base/index.js';
import type { StageProgress } from '../../model/index.js';
import type { Tally } from './stage-tally.js';

/** What a stage had done when the session began: speed and power are told of what came since. */
interface Before {
  readonly finished: number;
  readonly joules: number;
}

/** A stage's counts while the run goes on. */
export class StageWatch {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #partitions: number;
  readonly #tally: Tally;
  #before: Before = { finished: 0, joules: 0 };
  #beganAt: number | undefined;

  constructor(clock: Clock, name: string, partitions: number, tally: Tally) {
    this.#clock = clock;
    this.#name = name;
    this.#partitions = partitions;
    this.#tally = tally;
  }

  beginSession(): void {
    const { finished, joules = 0 } = this.#tally;
    this.#before = { finished, joules };
  }

  /** An invocation of it begins. */
  begin(): void {
    this.#beganAt ??= this.#clock.now();
  }

  get progress(): StageProgress {
    const { finished, failed, retries, joules, endedAt } = this.#tally;
    const since = this.#beganAt === undefined ? 0 : this.#clock.now() - this.#beganAt;
    // What was spent is known up to the last end; nothing of a finished stage goes on after that.
    const spentSeconds = (endedAt ?? 0) - (this.#clock.wall() - since);
    const seconds = finished === this.#partitions ? spentSeconds : since;
    const done = finished - this.#before.finished;
    const perSecond = done > 0 && seconds > 0 ? done / seconds : undefined;
    const spent = joules === undefined ? undefined : joules - this.#before.joules;
    return {
      name: this.#name,
      partitions: this.#partitions,
      begun: this.#beganAt !== undefined,
      finished,
      failed,
      retries,
      perSecond,
      watts: spent === undefined || spent <= 0 || spentSeconds <= 0 ? undefined : spent / spentSeconds,
      joules,
      etaSeconds: perSecond === undefined ? undefined : (this.#partitions - finished) / perSecond,
    };
  }
}
