// Sums by step. Numbers are bound as floating-point numbers, which SQLite divides without rounding down: so CAST.
const slot = (at: string): string => `CAST(${at} / ? AS INTEGER) AS slot`;

const MICROS = '1e6';
/** A tick belongs to the step in which its middle lies. */
const MIDDLE = `(key / ${MICROS} - seconds / 2)`;
const mean = (column: string): string =>
  `sum(${column} * seconds) / sum(CASE WHEN ${column} IS NOT NULL THEN seconds END) AS ${column}`;

export const SECONDS = `SELECT ${slot(MIDDLE)}, ${mean('watts')}, ${mean('cpu_watts')}, ${mean('idle_watts')}
  FROM served_seconds WHERE key >= ? * ${MICROS} AND key < ? * ${MICROS} GROUP BY slot`;

const CALLS =
  'sum(calls) AS calls, sum(errors) AS errors, sum(cold) AS cold, sum(call_seconds) AS call_seconds';
const RATES = `SELECT ${slot('at')}, ${CALLS}, sum(joules) AS individual FROM served_rates`;
export const RATES_OF_ALL = `${RATES} WHERE at >= ? AND at < ? GROUP BY slot`;
export const RATES_OF_ONE = `${RATES} WHERE function = ? AND at >= ? AND at < ? GROUP BY slot`;

const SHARES = 'sum(individual) AS individual, sum(control_plane) AS control_plane, sum(idle) AS idle';
export const WINDOWS = `SELECT ${slot('at')}, ${CALLS}, ${SHARES}, sum(unattributed) AS unattributed, sum(measured) AS measured,
  sum(measured) / sum(seconds) AS watts FROM served_windows WHERE level = ? AND at >= ? AND at < ? GROUP BY slot`;
// The rows of one function are found window by window, not by reading those of all.
export const SHARES_OF_ONE = `SELECT ${slot('w.at')}, ${`${CALLS}, ${SHARES}`.replaceAll('sum(', 'sum(s.')}
  FROM served_windows w CROSS JOIN served_shares s ON s.level = w.level AND s.at = w.at AND s.function = ?
  WHERE w.level = ? AND w.at >= ? AND w.at < ? GROUP BY slot`;
