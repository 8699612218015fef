import { emptyEquations, type NormalEquations, normalEquations } from '../../maths/index.js';
import { leastSquares } from './least-squares.js';
import { type SavedState, savedErrors } from './saved-state.js';
import type { Places, Tracker } from './tracker.js';
import type { Evidence } from './window.js';

/** The same equations with columns at other places; those at no place are left out. */
function moved(equations: NormalEquations, slots: ArrayLike<number>, size: number): NormalEquations {
  const { gram, right } = emptyEquations(size);
  for (let i = 0; i < slots.length; i++) {
    const row = slots[i] ?? 0;
    right[row] = equations.right[i] ?? 0;
    for (let j = 0; j < slots.length; j++)
      gram[row * size + (slots[j] ?? 0)] = equations.gram[i * equations.size + j] ?? 0;
  }
  return { ...equations, size, gram, right };
}

function sum(a: NormalEquations, b: NormalEquations): NormalEquations {
  return {
    size: a.size,
    gram: a.gram.map((value, place) => value + (b.gram[place] ?? 0)),
    right: a.right.map((value, place) => value + (b.right[place] ?? 0)),
    square: a.square + b.square,
    count: a.count + b.count,
  };
}

/** Least squares of all windows so far, by the sum of their normal equations. Slow for many functions, and slow to believe a change. */
export class CumulativeTracker implements Tracker {
  watts: number[] = [];
  errors: number[] = [];
  #equations: NormalEquations = emptyEquations(0);

  follow({ rows, watts }: Evidence, { slots, size }: Places): void {
    const before = Array.from({ length: this.#equations.size }, (_, slot) => slot);
    this.#equations = sum(
      moved(this.#equations, before, size),
      moved(normalEquations(rows, watts), slots, size),
    );
    const { x, errors } = leastSquares(this.#equations, this.watts.length === size ? this.watts : undefined);
    // Functions that the window does not hold are frozen, though the sums could move them too.
    for (const slot of slots) {
      this.watts[slot] = x[slot] ?? 0;
      this.errors[slot] = errors[slot] ?? Number.POSITIVE_INFINITY;
    }
  }

  keep(slots: readonly number[]): void {
    const { size, gram, right, square, count } = this.#equations;
    // What the forgotten ones drew is taken as known, so that it isn't put upon those that stay.
    const explained = new Float64Array(size);
    const forgotten = this.watts.map((watts, slot) => (slots.includes(slot) ? 0 : watts));
    let rest = square;
    for (const [j, watts] of forgotten.entries()) {
      if (watts === 0) continue;
      rest -= 2 * watts * (right[j] ?? 0);
      for (let i = 0; i < size; i++) {
        explained[i] = (explained[i] ?? 0) + watts * (gram[i * size + j] ?? 0);
        rest += watts * (forgotten[i] ?? 0) * (gram[i * size + j] ?? 0);
      }
    }
    const kept = emptyEquations(slots.length);
    for (const [i, slot] of slots.entries()) {
      kept.right[i] = (right[slot] ?? 0) - (explained[slot] ?? 0);
      for (const [j, other] of slots.entries())
        kept.gram[i * slots.length + j] = gram[slot * size + other] ?? 0;
    }
    this.#equations = { ...kept, square: Math.max(0, rest), count };
    this.watts = slots.map((slot) => this.watts[slot] ?? 0);
    this.errors = slots.map((slot) => this.errors[slot] ?? Number.POSITIVE_INFINITY);
  }

  toJSON(): unknown {
    const { gram, right, square, count } = this.#equations;
    return {
      watts: this.watts,
      errors: savedErrors(this.errors),
      gram: [...gram],
      right: [...right],
      square,
      count,
    };
  }

  static from(state: SavedState, size: number): CumulativeTracker {
    const tracker = new CumulativeTracker();
    tracker.watts = state.numbers('watts', size, 0);
    tracker.errors = state.errors('errors', size);
    tracker.#equations = {
      size,
      gram: Float64Array.from(state.numbers('gram', size * size)),
      right: Float64Array.from(state.numbers('right', size)),
      square: state.number('square', 0),
      count: state.number('count', 0),
    };
    return tracker;
  }
}
