import type { InvocationTable } from '../../model/index.js';
import { Column } from './column.js';
import type { ProgressClock } from './progress-clock.js';

/** The machine's energy since the start at moments that lie evenly: between two of them power is taken as steady. */
export interface EnergyCourse {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly systemJoules: Float64Array;
  readonly cpuJoules: Float64Array;
  readonly acceleratorJoules: Float64Array;
}

/** Writes down how energy grows. */
export class EnergyRecorder {
  readonly #system = new Column();
  readonly #cpu = new Column();
  readonly #accelerator = new Column();

  record(clock: ProgressClock): void {
    this.#system.push(clock.systemJoules);
    this.#cpu.push(clock.cpuJoules);
    this.#accelerator.push(clock.acceleratorJoules);
  }

  course(startSeconds: number, stepSeconds: number): EnergyCourse {
    return {
      startSeconds,
      stepSeconds,
      systemJoules: this.#system.toArray(),
      cpuJoules: this.#cpu.toArray(),
      acceleratorJoules: this.#accelerator.toArray(),
    };
  }
}

/** Logs are kept to the microsecond. */
export const logged = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** Writes down what ran, in order of its end. */
export class InvocationRecorder {
  readonly #function = new Column();
  readonly #start = new Column();
  readonly #end = new Column();
  readonly #cold = new Column();

  record(functionIndex: number, start: number, end: number, cold: boolean): void {
    this.#function.push(functionIndex);
    this.#start.push(logged(start));
    this.#end.push(logged(end));
    this.#cold.push(cold ? 1 : 0);
  }

  /** In order of start, as a platform's log is. */
  table(functions: readonly string[]): InvocationTable {
    const order = orderOf(this.#start.toArray());
    const sorted = (column: Column): Float64Array => {
      const values = column.toArray();
      const inOrder = new Float64Array(values.length);
      for (let row = 0; row < values.length; row++) inOrder[row] = values[order[row] ?? 0] ?? 0;
      return inOrder;
    };
    return {
      functions,
      functionIndex: Uint32Array.from(sorted(this.#function)),
      start: sorted(this.#start),
      end: sorted(this.#end),
      cold: Uint8Array.from(sorted(this.#cold)),
    };
  }
}

/** Rows in order of their keys; rows with equal keys stay as they were. */
function orderOf(keys: Float64Array): Uint32Array {
  return Uint32Array.from(keys.keys()).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
}
