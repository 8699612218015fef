import type { MetricKey } from '../metrics/definitions.js';
import { FamilyWriter, type MetricFamily } from '../metrics/sample.js';
import type { CappedFunction } from './line-statistics.js';
import type { PowerCapReport } from './power-cap.js';

/** The power cap as metrics. `since`: seconds since 1970 at which it began. */
export function powerCapFamilies(report: PowerCapReport, since: number): MetricFamily[] {
  const { achieved } = report;
  const one = (key: MetricKey, value: number | undefined): FamilyWriter => {
    const writer = new FamilyWriter(key);
    writer.add(value, since);
    return writer;
  };
  const seconds = new FamilyWriter('powerCapSeconds');
  if (achieved !== undefined) {
    seconds.add(achieved.secondsAbove, since, { state: 'above' });
    seconds.add(achieved.seconds - achieved.secondsAbove, since, { state: 'within' });
  }
  const fairness = new FamilyWriter('powerCapFairness');
  for (const { priority, delayIndex } of report.fairness)
    fairness.add(delayIndex, since, { priority: String(priority) });
  return [
    one('powerCapWatts', report.capWatts),
    one('powerCapPredictedWatts', report.predictedWatts),
    one('powerCapReserveWatts', report.reserveWatts),
    one('powerCapGain', report.gain),
    seconds,
    one('powerCapExcessJoules', achieved?.joulesAbove),
    one('powerCapWaiting', report.waiting),
    ...functionFamilies(report.functions, since),
    fairness,
  ];
}

function functionFamilies(functions: readonly CappedFunction[], since: number): MetricFamily[] {
  const calls = new FamilyWriter('powerCapCalls');
  const delays = new FamilyWriter('powerCapDelaySeconds');
  for (const { function: name, admitted, delayed, cancelled, shed, delaySeconds } of functions) {
    const outcomes = { at_once: admitted - delayed, delayed, cancelled, ...shed };
    for (const [outcome, count] of Object.entries(outcomes))
      calls.add(count, since, { function: name, outcome });
    delays.add(delaySeconds, since, { function: name });
  }
  return [calls, delays];
}
