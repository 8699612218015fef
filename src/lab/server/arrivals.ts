import type { Random } from '../../maths/index.js';

/** When invocations of a function come. */
export type Arrivals =
  /** At any moment, independently of one another. */
  | { readonly kind: 'poisson'; readonly perSecond: number }
  /** Times between two are log-normal: many short, few very long. */
  | { readonly kind: 'heavy-tailed'; readonly perSecond: number; readonly spread: number }
  /** The rate is another in each minute, and remembers the one before by `persistence` (0 to below 1). */
  | {
      readonly kind: 'minutes';
      readonly perSecond: number;
      readonly spread: number;
      readonly persistence: number;
    }
  /** Bursts and silence take turns, both of random length; `perSecond` is the mean over both. */
  | {
      readonly kind: 'bursty';
      readonly perSecond: number;
      readonly onSeconds: number;
      readonly offSeconds: number;
    }
  /** Every so often, `batch` at once, each a little late. */
  | {
      readonly kind: 'periodic';
      readonly everySeconds: number;
      readonly batch: number;
      readonly jitterSeconds: number;
    };

/** Mean arrivals per second. */
export const meanRate = (arrivals: Arrivals): number =>
  arrivals.kind === 'periodic' ? arrivals.batch / arrivals.everySeconds : arrivals.perSecond;

/** The same pattern, `factor` times as often. */
export const timesAsOften = (arrivals: Arrivals, factor: number): Arrivals =>
  arrivals.kind === 'periodic'
    ? { ...arrivals, everySeconds: arrivals.everySeconds / factor }
    : { ...arrivals, perSecond: arrivals.perSecond * factor };

interface Piece {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Poisson arrivals whose rate changes from piece to piece. */
function inPieces(random: Random, from: number, nextPiece: () => Piece): () => number {
  let [time, end, rate] = [from, from, 0];
  return () => {
    let toCome = random.exponential();
    for (;;) {
      const left = rate * (end - time);
      if (rate > 0 && toCome < left) {
        time += toCome / rate;
        return time;
      }
      toCome -= left > 0 ? left : 0;
      time = end;
      const piece = nextPiece();
      rate = piece.perSecond;
      end = time + piece.seconds;
      if (rate <= 0 && piece.seconds === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    }
  };
}

const MINUTE_SECONDS = 60;

function minutes(
  random: Random,
  { perSecond, spread, persistence }: Extract<Arrivals, { kind: 'minutes' }>,
): () => Piece {
  let state = random.normal();
  return () => {
    const rate = perSecond * Math.exp(spread * state - spread ** 2 / 2);
    state = persistence * state + Math.sqrt(1 - persistence ** 2) * random.normal();
    return { perSecond: rate, seconds: MINUTE_SECONDS };
  };
}

function bursts(
  random: Random,
  { perSecond, onSeconds, offSeconds }: Extract<Arrivals, { kind: 'bursty' }>,
): () => Piece {
  let on = random.uniform() < onSeconds / (onSeconds + offSeconds);
  return () => {
    on = !on;
    return on
      ? {
          perSecond: (perSecond * (onSeconds + offSeconds)) / onSeconds,
          seconds: onSeconds * random.exponential(),
        }
      : { perSecond: 0, seconds: offSeconds * random.exponential() };
  };
}

function periodic(
  random: Random,
  from: number,
  { everySeconds, batch, jitterSeconds }: Extract<Arrivals, { kind: 'periodic' }>,
): () => number {
  const phase = from + random.uniform() * everySeconds;
  let [round, pending] = [0, [] as number[]];
  return () => {
    if (pending.length === 0) {
      const at = phase + round++ * everySeconds;
      pending = Array.from({ length: batch }, () => at + random.uniform() * jitterSeconds).sort(
        (a, b) => b - a,
      );
    }
    return pending.pop() ?? Number.POSITIVE_INFINITY;
  };
}

/** A function that gives, at each call, the time of the next arrival after `from`. */
export function arrivalTimes(arrivals: Arrivals, random: Random, from: number): () => number {
  switch (arrivals.kind) {
    case 'poisson': {
      const { perSecond } = arrivals;
      return inPieces(random, from, () => ({ perSecond, seconds: Number.POSITIVE_INFINITY }));
    }
    case 'minutes':
      return inPieces(random.fork('times'), from, minutes(random.fork('rates'), arrivals));
    case 'bursty':
      return inPieces(random.fork('times'), from, bursts(random.fork('rates'), arrivals));
    case 'periodic':
      return periodic(random, from, arrivals);
    case 'heavy-tailed': {
      const { perSecond, spread } = arrivals;
      let time = from;
      return () => {
        time += Math.exp(spread * random.normal() - spread ** 2 / 2) / perSecond;
        return time;
      };
    }
  }
}
