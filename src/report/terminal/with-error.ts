const PREFIXES: readonly (readonly [size: number, prefix: string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
];
/** Errors smaller than this part of the figure lie below what is shown of it. */
const NEGLIGIBLE = 1e-3;

/** Below what any prefix shows there is only the rounding of sums. */
const LEAST = 5e-13;
/** Beyond the largest prefix: no real figure, and too long to show. */
const BEYOND = 1e6;

/** Decimals that show so many significant digits. */
const decimals = (value: number, digits: number): number =>
  // Rounded first: 9.996 is 10.0 with three digits.
  value > 0 ? digits - 1 - Math.floor(Math.log10(Number(value.toPrecision(digits)))) : 0;

/** A figure and one standard error with the digits that the error leaves meaning: `12.3 ± 0.4 mJ`. */
export function withError(value: number | undefined, error: number | undefined, unit: string): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  const isBounded = error !== undefined && error < BEYOND * 1e9;
  const known = isBounded && error >= LEAST ? error : 0;
  const size = Math.max(Math.abs(value), known);
  const [scale, prefix] = PREFIXES.find(([least]) => size >= least * 0.9995) ?? [1, ''];
  const [shown, uncertain] = [value / scale, known / scale];
  const usual = Math.max(0, decimals(Math.abs(shown), 3));
  const write = (text: string, places: number): string =>
    `${Math.abs(shown) < BEYOND ? shown.toFixed(Math.max(0, Math.min(3, places))) : shown.toExponential(1)}${text} ${prefix}${unit}`;
  if (error === undefined || Number.isNaN(error)) return write('', usual);
  // What can't be told apart at all has no bound; that is no reason to leave the error out.
  if (!isBounded) return write(' ± ∞', usual);
  if (uncertain <= NEGLIGIBLE * Math.abs(shown)) return write(' ± 0', usual);
  const telling = Math.max(decimals(uncertain, 1), Math.min(usual, decimals(uncertain, 2)));
  const places = Math.max(0, Math.min(3, telling));
  return write(` ± ${uncertain.toFixed(places)}`, places);
}
