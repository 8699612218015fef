/** Dollars with three significant digits: prices of single invocations are far below a cent. */
export function dollars(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (value === 0) return '$0';
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  if (size < 1e-9) return `${sign}$${size.toExponential(1)}`;
  const digits = 2 - Math.floor(Math.log10(size));
  return `${sign}$${size.toFixed(digits)}`;
}
