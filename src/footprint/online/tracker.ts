import type { Evidence } from './window.js';

/** Where the functions of a window stand among all that are known. */
export interface Places {
  /** By column of the window. */
  readonly slots: Uint32Array;
  /** Functions known, those that are new in this window included: they have the highest slots. */
  readonly size: number;
}

/** A way of following the powers of functions. It knows them by slot alone. */
export interface Tracker {
  /** By slot; never negative. */
  readonly watts: readonly number[];
  /** By slot; absent where the method has none. */
  readonly errors?: readonly number[];
  /** One standard error of a weighted sum of powers; absent where the method doesn't know how errors go together. */
  errorOfSum?(slots: readonly number[], weights: readonly number[]): number;
  follow(evidence: Evidence, places: Places): void;
  /** Forgets all but these, which get new slots in this order. */
  keep(slots: readonly number[]): void;
  /** All that the next update depends on, as plain JSON. */
  toJSON(): unknown;
}
