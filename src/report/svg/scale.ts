/** From values to pixels, and the round values that an axis shows. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Values of `step` between two, computed so that rounding doesn't add up. */
function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Divided where the step is a part of one: 3 · 0.1 is not 0.3, 3 / 10 is.
  const inverse = Math.round(1 / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    step < 1 && Math.abs(inverse * step - 1) < 1e-9 ? (first + index) / inverse : (first + index) * step,
  );
}

/** The smallest of 1, 2 and 5 times a power of ten that is at least as large. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export interface Pixels {
  readonly start: number;
  readonly end: number;
}

function scale(from: number, to: number, { start, end }: Pixels, ticks: readonly number[]): Scale {
  const perUnit = (end - start) / (to - from);
  return { from, to, start, end, ticks, at: (value) => start + (value - from) * perUnit };
}

/** Amounts outside of this are the rounding of sums, or no amounts at all. */
const [LEAST, MOST] = [1e-100, 1e100];

/** A scale from 0 to a round value that is at least `most`. */
export function amountScale(most: number, pixels: Pixels, count = 5): Scale {
  const reach = most >= LEAST && most <= MOST ? most : 1;
  const step = roundStep(reach / count);
  const to = Math.ceil(reach / step - 1e-9) * step;
  return scale(0, to, pixels, multiples(step, 0, to));
}

/** A scale on which `whole` takes all the room, without ticks. */
export const wholeScale = (whole: number, pixels: Pixels): Scale =>
  scale(0, whole >= LEAST && whole <= MOST ? whole : 1, pixels, []);

const SECONDS: readonly number[] = [1, 2, 5, 10, 15, 30];
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const TIME_STEPS: readonly number[] = [
  ...SECONDS,
  ...SECONDS.map((each) => each * MINUTE),
  ...[1, 2, 3, 6, 12].map((each) => each * HOUR),
];

function timeStep(least: number): number {
  if (least < 1) return roundStep(least);
  return TIME_STEPS.find((step) => step >= least) ?? Math.ceil(roundStep(least / DAY)) * DAY;
}

/** A scale of seconds whose ticks are round in the unit that people would read them in. */
export function timeScale(from: number, to: number, pixels: Pixels, count = 8): Scale {
  const end = to > from ? to : from + 1;
  return scale(from, end, pixels, multiples(timeStep((end - from) / count), from, end));
}

/** How the ticks of a time scale are written: all in one unit. */
export function timeLabel({ ticks }: Scale): { readonly unit: string; write(seconds: number): string } {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const [size, unit] =
    step >= DAY
      ? [DAY, 'days']
      : step >= HOUR
        ? [HOUR, 'hours']
        : step >= MINUTE
          ? [MINUTE, 'minutes']
          : [1, 'seconds'];
  return { unit, write: (seconds) => String(Number((seconds / size).toPrecision(12))) };
}
