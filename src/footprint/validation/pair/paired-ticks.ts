import { ErrorCode, WattloopError } from '../../../errors/index.js';
import { cleaned, PowerIntegral, type PowerSeries, usualInterval } from '../../../maths/index.js';
import type { Trace } from '../../../model/index.js';
import { cleanPowerTable } from '../../power/clean.js';
import { usableWatts } from '../../power/marks.js';

/** Power of two traces side by side, on the clock of the work, from its start on. */
export interface PairedTicks {
  readonly tickSeconds: number;
  readonly count: number;
  /** Mean watts by tick; NaN where the trace has no sample that can be used. */
  readonly withWatts: Float64Array;
  readonly withoutWatts: Float64Array;
  /** How long work goes on in either trace after the window has ended. */
  readonly workBeyondSeconds: number;
}

/** Power may come this late, so that so much of what follows the work still belongs to it. */
const AFTER_WORK_SECONDS = 20;
const SHORTEST_TICK_SECONDS = 1;
/** More ticks tell nothing more of a sum, and each is drawn again thousands of times. */
const MOST_TICKS = 10_000;
const FEWEST_TICKS = 2;

export const noCommonWindow = (): WattloopError =>
  new WattloopError(ErrorCode.badInput, 'the two traces have no window of power after 0 s in common', {
    remedy: 'Both must have power while the work ran, in seconds since its start',
  });

/** Without the readings that can't be used. */
function seriesOf({ power, description }: Trace): PowerSeries {
  const { t, systemWatts } = power;
  const watts = usableWatts(systemWatts, cleanPowerTable(power, description).system);
  return cleaned({
    sampling: 'mean',
    samples: Array.from(t, (at, i) => ({ at, watts: watts[i] ?? Number.NaN })),
  });
}

function endOfWork({ invocations: { end, start } }: Trace): number {
  let last = 0;
  for (let i = 0; i < end.length; i++) {
    const ended = end[i] ?? 0;
    last = Math.max(last, Number.isFinite(ended) ? ended : (start[i] ?? 0));
  }
  return last;
}

/** The window that both traces cover: from the start of the work until it is over in both, or one ends. */
export function pairTicks(
  withIt: Trace,
  without: Trace,
  lags: { readonly withSeconds: number; readonly withoutSeconds: number },
): PairedTicks {
  const [first, second] = [seriesOf(withIt), seriesOf(without)];
  const lastSample = (series: PowerSeries, lag: number): number => (series.samples.at(-1)?.at ?? 0) - lag;
  const workEnds = Math.max(endOfWork(withIt), endOfWork(without));
  const end = Math.min(
    lastSample(first, lags.withSeconds),
    lastSample(second, lags.withoutSeconds),
    workEnds + AFTER_WORK_SECONDS,
  );
  const usual = Math.max(0, ...[first, second].map(usualInterval).filter(Number.isFinite));
  const tickSeconds = Math.max(SHORTEST_TICK_SECONDS, usual, end / MOST_TICKS);
  const count = Math.floor(end / tickSeconds + 1e-9);
  if (!(count >= FEWEST_TICKS)) {
    throw new WattloopError(
      ErrorCode.badInput,
      'the two traces have no window of power after 0 s in common',
      {
        remedy: 'Both must have power while the work ran, in seconds since its start',
      },
    );
  }
  const starts = Float64Array.from({ length: count }, (_, i) => i * tickSeconds);
  const windows = { starts, ends: starts.map((start) => start + tickSeconds) };
  // What comes late is found later in the series.
  const means = (series: PowerSeries, lag: number): Float64Array =>
    new PowerIntegral(series).means(windows, -lag, new Float64Array(count));
  return {
    tickSeconds,
    count,
    withWatts: means(first, lags.withSeconds),
    withoutWatts: means(second, lags.withoutSeconds),
    workBeyondSeconds: Math.max(0, workEnds - tickSeconds * count),
  };
}
