/** A call that runs, with the energy that it was given so far; NaN once some of its time was not measured. */
export interface RunningCall {
  readonly function: string;
  startedAt: number;
  /** Until when its energy is settled. */
  settledTo: number;
  joules: number;
  idleJoules: number;
}

/** A call that begins. */
export const newCall = (name: string, startedAt: number): RunningCall => ({
  function: name,
  startedAt,
  settledTo: startedAt,
  joules: 0,
  idleJoules: 0,
});

/** A call that is not settled. */
export interface OpenCall {
  readonly function: string;
  readonly startedAt: number;
  /** Infinite while it runs. */
  readonly endedAt: number;
  /** Not known before its end. */
  readonly cold: boolean;
}
