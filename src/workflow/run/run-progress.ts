import type { Clock } from '../../base/index.js';
import type { StageProgress } from '../../model/index.js';
import type { Tally } from './stage-tally.js';

/** A stage's counts while the run goes on. */
export class StageWatch {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #partitions: number;
  readonly #tally: Tally;
  /** Finished by an earlier session. */
  #before = 0;
  #beganAt: number | undefined;

  constructor(clock: Clock, name: string, partitions: number, tally: Tally) {
    this.#clock = clock;
    this.#name = name;
    this.#partitions = partitions;
    this.#tally = tally;
  }

  begin(): void {
    this.#beganAt ??= this.#clock.now();
  }

  passOver(): void {
    this.#before++;
  }

  get progress(): StageProgress {
    const { finished, failed, retries, joules } = this.#tally;
    const seconds = this.#beganAt === undefined ? 0 : this.#clock.now() - this.#beganAt;
    const perSecond = finished > 0 && seconds > 0 ? finished / seconds : undefined;
    const left = this.#partitions - this.#before - finished;
    const span = this.#tally.wallSeconds;
    return {
      name: this.#name,
      partitions: this.#partitions,
      finished: this.#before + finished,
      failed,
      retries,
      perSecond,
      watts: joules === undefined || span <= 0 ? undefined : joules / span,
      joules,
      etaSeconds: perSecond === undefined ? undefined : left / perSecond,
    };
  }
}
