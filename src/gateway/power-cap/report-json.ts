import type { PowerCapReport } from './power-cap.js';

/** The report as the API tells it; what was not measured is null. */
export function powerCapJson(report: PowerCapReport): unknown {
  const { achieved } = report;
  return {
    cap_watts: report.capWatts,
    predicted_watts: report.predictedWatts,
    reserve_watts: report.reserveWatts,
    gain: report.gain,
    offset_watts: report.offsetWatts,
    running: report.running,
    waiting: report.waiting,
    achieved: achieved
      ? {
          seconds: achieved.seconds,
          mean_watts: achieved.meanWatts,
          max_watts: achieved.maxWatts,
          seconds_above: achieved.secondsAbove,
          joules_above: achieved.joulesAbove,
        }
      : null,
    functions: Object.fromEntries(
      report.functions.map((each) => [
        each.function,
        {
          priority: each.priority,
          admitted: each.admitted,
          delayed: each.delayed,
          delay_seconds: each.delaySeconds,
          longest_delay_seconds: each.longestDelaySeconds,
          shed: each.shed,
          cancelled: each.cancelled,
        },
      ]),
    ),
    fairness: report.fairness.map(({ priority, functions, delayIndex }) => ({
      priority,
      functions,
      delay_index: delayIndex,
    })),
  };
}
