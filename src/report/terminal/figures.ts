const THOUSANDS = ['', 'k', 'M', 'G'] as const;
const THOUSANDTHS = ['', 'm', 'µ', 'n'] as const;
const LEAST = 5e-13;

/** A quantity with three significant digits and the prefix that fits: `12.3 mJ`, `4.56 kJ`, `0 J`. */
export function quantity(value: number | undefined, unit: string): string {
  if (value === undefined) return '-';
  const size = Math.abs(value);
  // Below what any prefix shows there is only the rounding of sums.
  if (size < LEAST) return `0 ${unit}`;
  if (!Number.isFinite(value)) return `${value} ${unit}`;
  let step = 0;
  // Rounded first, so that 999.96 becomes 1.00 k and not 1000.
  const scaled = (): number => Number((size / 1000 ** step).toPrecision(3));
  while (scaled() >= 1000 && step < THOUSANDS.length - 1) step++;
  while (scaled() < 1 && step > 1 - THOUSANDTHS.length) step--;
  const prefix = step >= 0 ? THOUSANDS[step] : THOUSANDTHS[-step];
  const digits = scaled() >= 100 ? 0 : scaled() >= 10 ? 1 : 2;
  return `${value < 0 ? '-' : ''}${scaled().toFixed(digits)} ${prefix}${unit}`;
}

export const joules = (value: number | undefined): string => quantity(value, 'J');
export const watts = (value: number | undefined): string => quantity(value, 'W');
export const grams = (value: number | undefined): string => quantity(value, 'g');

export const seconds = (value: number | undefined): string =>
  value === undefined ? '-' : value >= 120 ? `${value.toFixed(0)} s` : quantity(value, 's');

export const percent = (value: number | undefined, digits = 0): string =>
  value === undefined ? '-' : `${(value * 100).toFixed(digits).replace(/^-(?=[0.]+$)/, '')} %`;

export const mebibytes = (value: number | undefined): string =>
  value === undefined ? '-' : value >= 1024 ? `${(value / 1024).toFixed(2)} GiB` : `${value.toFixed(1)} MiB`;
