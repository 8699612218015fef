/** The power that was measured since the cap began. */
export interface AchievedPower {
  readonly seconds: number;
  readonly meanWatts: number;
  /** Of the tick in which most was drawn. */
  readonly maxWatts: number;
  /** Time of the ticks above the cap, and the energy that was drawn beyond it in them. */
  readonly secondsAbove: number;
  readonly joulesAbove: number;
}

export class PowerRecord {
  readonly #capWatts: number;
  #seconds = 0;
  #joules = 0;
  #max = Number.NEGATIVE_INFINITY;
  #secondsAbove = 0;
  #joulesAbove = 0;

  constructor(capWatts: number) {
    this.#capWatts = capWatts;
  }

  add(watts: number, seconds: number): void {
    this.#seconds += seconds;
    this.#joules += watts * seconds;
    this.#max = Math.max(this.#max, watts);
    if (watts <= this.#capWatts) return;
    this.#secondsAbove += seconds;
    this.#joulesAbove += (watts - this.#capWatts) * seconds;
  }

  /** Undefined where nothing was measured. */
  achieved(): AchievedPower | undefined {
    if (this.#seconds === 0) return undefined;
    return {
      seconds: this.#seconds,
      meanWatts: this.#joules / this.#seconds,
      maxWatts: this.#max,
      secondsAbove: this.#secondsAbove,
      joulesAbove: this.#joulesAbove,
    };
  }
}
