import { readFileSync } from 'node:fs';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { type IntensitySeries, parseIntensitySeries, RateSeries } from '../../footprint/index.js';

/** Times beyond this are dates, not seconds of a trace: it is the year 1973. */
const EARLIEST_DATE = 1e8;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `could not read ${file}: ${messageOf(error)}`, {
      remedy: 'Name a CSV file with the columns datetime (or t, in seconds) and g_per_kwh',
      cause: error,
    });
  }
}

function momentOf(started: string): number {
  const seconds = Date.parse(started) / 1000;
  if (Number.isFinite(seconds)) return seconds;
  throw new WattloopError(ErrorCode.badUsage, `--started ${started} is no date`, {
    remedy: 'Write it as 2026-05-01T12:00:00Z',
  });
}

/** A grid intensity over time on the trace's own clock: `started` says when the trace began, where the series has dates. */
export function intensitySeries(file: string, started: string | undefined): IntensitySeries {
  const series = parseIntensitySeries(textOf(file), { file });
  const dated = series.start > EARLIEST_DATE;
  if (dated && started === undefined) {
    throw new WattloopError(ErrorCode.badUsage, `${file} has dates, and a trace does not say when it began`, {
      remedy:
        'Say it with --started 2026-05-01T12:00:00Z, or give seconds since the start of the trace in column t',
    });
  }
  if (!dated || started === undefined) return series;
  const begin = momentOf(started);
  const { t, perKilowattHour, end } = series;
  return new RateSeries({ t: t.map((at) => at - begin), perKilowattHour }, end - (t.at(-1) ?? end));
}
