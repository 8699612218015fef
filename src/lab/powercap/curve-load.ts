import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Load } from './load.js';

/** A package draws `watts` at `t` seconds after the start. */
export interface CurvePoint {
  readonly t: number;
  readonly watts: number;
}

/** A curve from CSV with the header `t,watts`; `name` is where it came from, for what is said when it is wrong. */
export function parseCurve(text: string, name: string): CurvePoint[] {
  const fail = (line: number, why: string): never => {
    throw new WattloopError(ErrorCode.badInput, `${name}, line ${line}: ${why}`, {
      remedy: 'A curve is CSV: the header "t,watts", then rows of seconds and watts in order of time',
    });
  };
  const lines = text.split(/\r?\n/);
  if (lines[0]?.replace(/\s/g, '') !== 't,watts') fail(1, 'the header "t,watts" is missing');
  const points: CurvePoint[] = [];
  lines.slice(1).forEach((line, index) => {
    if (line.trim() === '') return;
    const cells = line.split(',').map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)));
    const [t = Number.NaN, watts = Number.NaN] = cells;
    if (cells.length !== 2 || !Number.isFinite(t) || !Number.isFinite(watts))
      fail(index + 2, `"${line}" is not two numbers`);
    if (t < 0 || watts < 0) fail(index + 2, `"${line}" holds a number below 0`);
    if (t <= (points.at(-1)?.t ?? -1)) fail(index + 2, `time ${t} does not come after the row before`);
    points.push({ t, watts });
  });
  if (points.length === 0) fail(2, 'there is no row');
  return points;
}

/** Every package draws what the curve says: straight lines between its points, level before the first and after the last. */
export class CurveLoad implements Load {
  readonly #points: readonly CurvePoint[];
  readonly #sockets: number;
  #start = 0;
  #at = 0;
  /** The last point that is not after `#at`, so that a long curve is walked once. */
  #index = -1;

  constructor(points: readonly CurvePoint[], sockets: number) {
    this.#points = points;
    this.#sockets = sockets;
  }

  start(at: number): void {
    this.#start = at;
    this.#at = 0;
    this.#index = -1;
    this.#seek(0);
  }

  advance(at: number): readonly number[] {
    const to = at - this.#start;
    let joules = 0;
    while (this.#at < to) {
      const end = Math.min(to, this.#points[this.#index + 1]?.t ?? to);
      joules += ((this.#watts(this.#at) + this.#watts(end)) / 2) * (end - this.#at);
      this.#at = end;
      this.#seek(end);
    }
    return Array.from({ length: this.#sockets }, () => joules);
  }

  close(): void {}

  #seek(t: number): void {
    while ((this.#points[this.#index + 1]?.t ?? Number.POSITIVE_INFINITY) <= t) this.#index++;
  }

  #watts(t: number): number {
    const before = this.#points[this.#index];
    const after = this.#points[this.#index + 1];
    if (before === undefined || after === undefined) return (before ?? after)?.watts ?? 0;
    return before.watts + ((after.watts - before.watts) * (t - before.t)) / (after.t - before.t);
  }
}
