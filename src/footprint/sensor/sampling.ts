import type { SparseRows, Windows } from '../../maths/index.js';
import { endOf, type Steps } from '../load/steps.js';

/** How a power sensor shows what the machine draws: late, and smoothed as a capacitor or an average inside it does it. */
export interface SensorResponse {
  /** Time by which all of it comes late, without the smoothing; negative when it comes early. */
  readonly delaySeconds: number;
  /** Time constant of first-order smoothing; 0 for none. */
  readonly smoothingSeconds: number;
}

/** How late power comes on the whole: the delay, and the mean of the smoothing. */
export const meanLag = ({ delaySeconds, smoothingSeconds }: SensorResponse): number =>
  delaySeconds + smoothingSeconds;

/** What lies further back than so many time constants is not seen any more (0.25 %). */
const MEMORY = 6;

/** The integral up to `t` of the answer to a step at 0. */
function stepAnswer(t: number, smoothing: number): number {
  if (t <= 0) return 0;
  return smoothing > 0 ? t + smoothing * Math.expm1(-t / smoothing) : t;
}

/**
 * The sensor as a matrix: row `i` says how much of each step's power sample `i` shows. Rows add up to 1; those of samples
 * that look beyond the steps are empty, as are those that are not wanted.
 */
export function samplingRows(
  windows: Windows,
  steps: Steps,
  response: SensorResponse,
  wanted?: Uint8Array,
): SparseRows {
  const { start, stepSeconds: h, count: width } = steps;
  const { delaySeconds, smoothingSeconds: smoothing } = response;
  const count = windows.starts.length;
  const rowStart = new Uint32Array(count + 1);
  const [column, value]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const from = (windows.starts[i] ?? 0) - delaySeconds;
    const to = (windows.ends[i] ?? 0) - delaySeconds;
    const reach = from - MEMORY * smoothing;
    if (wanted?.[i] !== 0 && to > from && reach >= start - h && to <= endOf(steps) + 1e-9) {
      const first = Math.max(0, Math.floor((reach - start) / h));
      const last = Math.min(width, Math.ceil((to - start) / h));
      const at = value.length;
      let sum = 0;
      for (let j = first; j < last; j++) {
        const begin = start + j * h;
        const seen = (t: number): number =>
          stepAnswer(t - begin, smoothing) - stepAnswer(t - begin - h, smoothing);
        const weight = seen(to) - seen(from);
        if (weight <= 0) continue;
        column.push(j);
        value.push(weight);
        sum += weight;
      }
      for (let p = at; p < value.length; p++) value[p] = (value[p] ?? 0) / sum;
    }
    rowStart[i + 1] = value.length;
  }
  return { count, width, rowStart, column: Uint32Array.from(column), value: Float64Array.from(value) };
}
