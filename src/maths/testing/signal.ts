import type { PowerSample, PowerSeries } from '../series.js';

/** Numbers between 0 and 1 that a seed determines (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About normal, with deviation 1. */
export const normal = (next: () => number): number =>
  Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6);

export interface Machine {
  /** Joules up to time `t`. */
  energy(t: number): number;
}

/** A machine whose power jumps at random moments, some seconds apart, from 100 s before its start to 100 s after `seconds`. */
export function restless(seed: number, seconds: number, meanHold = 2): Machine {
  const next = random(seed);
  const [times, watts, joules] = [[-100], [50], [0]];
  while ((times.at(-1) ?? 0) < seconds + 100) {
    const hold = meanHold * (0.15 + 1.7 * next());
    joules.push((joules.at(-1) ?? 0) + hold * (watts.at(-1) ?? 0));
    times.push((times.at(-1) ?? 0) + hold);
    watts.push(20 + 60 * next());
  }
  return {
    energy: (t) => {
      let [low, high] = [0, times.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((times[middle] ?? 0) <= t) low = middle;
        else high = middle - 1;
      }
      return (joules[low] ?? 0) + (watts[low] ?? 0) * (t - (times[low] ?? 0));
    },
  };
}

export interface Meter {
  readonly seconds: number;
  readonly interval: number;
  /** How late the meter's time stamps are. */
  readonly late?: number | ((t: number) => number);
  readonly gain?: number;
  readonly offset?: number;
  readonly noise?: number;
  readonly seed?: number;
  /** Part of an interval by which each sample may come early or late. */
  readonly jitter?: number;
  readonly from?: number;
}

/** What a meter shows of a machine: mean power since its last sample, on its own late clock. */
export function observe(machine: Machine, meter: Meter): PowerSeries {
  const {
    seconds,
    interval,
    late = 0,
    gain = 1,
    offset = 0,
    noise = 0,
    seed = 1,
    jitter = 0,
    from = 0,
  } = meter;
  const next = random(seed);
  const lateAt = typeof late === 'number' ? () => late : late;
  const samples: PowerSample[] = [];
  let last = from + next() * interval;
  for (let tick = last + interval; tick < from + seconds; tick += interval) {
    const t = tick + jitter * interval * (next() - 0.5);
    const watts = (machine.energy(t) - machine.energy(last)) / (t - last);
    samples.push({ at: t + lateAt(t), watts: offset + gain * watts + noise * normal(next) });
    last = t;
  }
  return { sampling: 'mean', samples };
}
