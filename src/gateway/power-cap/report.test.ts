import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { exposition } from '../metrics/exposition.js';
import { jainIndex } from './fairness.js';
import { powerCapFamilies } from './families.js';
import { PowerCap } from './power-cap.js';
import { powerCapJson } from './report-json.js';

function reported() {
  const clock = new ManualClock();
  const cap = new PowerCap({ capWatts: 50, clock, cpus: 4, idleWatts: 20, setTimer: () => () => {} });
  const empty = cap.report();
  const functions = [{ function: 'a', wattsPerCall: 20, joulesPerCall: 20, meanSeconds: 1 }];
  const told = { at: 0, idleWatts: 20, busyCpus: undefined, rate: undefined, functions };
  cap.update({ ...told, watts: 20, seconds: 2 });
  const call = { function: 'a', priority: 1, deadline: 5 };
  cap.admit(call);
  cap.admit(call);
  cap.admit({ ...call, deadline: 100 });
  clock.advance(5);
  cap.update({ ...told, watts: 60, seconds: 5 });
  cap.ended(call);
  return { empty, full: cap.report() };
}

describe('the report of a power cap', () => {
  it('is a document of the API', () => {
    const { empty, full } = reported();
    expect(powerCapJson(empty)).toMatchObject({ cap_watts: 50, achieved: null, functions: {}, fairness: [] });
    expect(powerCapJson(full)).toMatchObject({
      running: 1,
      waiting: 0,
      achieved: { seconds: 7, mean_watts: 340 / 7, max_watts: 60, seconds_above: 5, joules_above: 50 },
      functions: {
        a: { priority: 1, admitted: 2, delayed: 1, delay_seconds: 10, shed: { deadline: 1 }, cancelled: 0 },
      },
      fairness: [{ priority: 1, functions: 1, delay_index: 1 }],
    });
  });

  it('is metrics', () => {
    const { empty, full } = reported();
    expect(exposition(powerCapFamilies(empty, 0))).not.toContain('NaN');
    const text = exposition(powerCapFamilies(full, 0));
    for (const line of [
      'wattloop_power_cap_watts 50',
      'wattloop_power_cap_seconds_total{state="above"} 5',
      'wattloop_power_cap_seconds_total{state="within"} 2',
      'wattloop_power_cap_excess_joules_total 50',
      'wattloop_power_cap_calls_total{function="a",outcome="at_once"} 1',
      'wattloop_power_cap_calls_total{function="a",outcome="delayed"} 1',
      'wattloop_power_cap_calls_total{function="a",outcome="deadline"} 1',
      'wattloop_power_cap_delay_seconds_total{function="a"} 10',
      'wattloop_power_cap_fairness{priority="1"} 1',
    ])
      expect(text).toContain(`${line}\n`);
  });
});

describe("Jain's index", () => {
  it.each([
    [[1, 1, 1, 1], 1],
    [[0, 0, 0, 5], 1 / 4],
    [[0, 0], 1],
    [[4, 2], 36 / 40],
    [[], undefined],
  ])('of %j is %s', (shares, index) => {
    expect(jainIndex(shares)).toBe(index);
  });
});
