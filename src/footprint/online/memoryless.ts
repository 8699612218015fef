import { normalEquations } from '../../maths/index.js';
import { leastSquares } from './least-squares.js';
import { type SavedState, savedErrors } from './saved-state.js';
import type { Places, Tracker } from './tracker.js';
import type { Evidence } from './window.js';

/** Each window's least squares alone. Functions that the window does not hold keep what their last window gave them. */
export class MemorylessTracker implements Tracker {
  watts: number[] = [];
  errors: number[] = [];

  follow({ rows, watts }: Evidence, { slots }: Places): void {
    const { x, errors } = leastSquares(normalEquations(rows, watts));
    for (const [column, slot] of slots.entries()) {
      this.watts[slot] = x[column] ?? 0;
      this.errors[slot] = errors[column] ?? Number.POSITIVE_INFINITY;
    }
  }

  keep(slots: readonly number[]): void {
    this.watts = slots.map((slot) => this.watts[slot] ?? 0);
    this.errors = slots.map((slot) => this.errors[slot] ?? Number.POSITIVE_INFINITY);
  }

  toJSON(): unknown {
    return { watts: this.watts, errors: savedErrors(this.errors) };
  }

  static from(state: SavedState, size: number): MemorylessTracker {
    const tracker = new MemorylessTracker();
    tracker.watts = state.numbers('watts', size, 0);
    tracker.errors = state.errors('errors', size);
    return tracker;
  }
}
