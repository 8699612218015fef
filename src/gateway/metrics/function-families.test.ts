import { describe, expect, it } from 'vitest';
import { FunctionSums } from '../account/core/function-sums.js';
import { exposition } from './exposition.js';
import { functionFamilies } from './function-families.js';
import { LastingCounters } from './lasting-counters.js';
import { FamilyWriter } from './sample.js';

const window = (from: number, joules: number, names = ['f']) => ({
  from,
  to: from + 10,
  measuredJoules: joules * (names.length + 1),
  individualJoules: 0,
  controlPlaneJoules: 0,
  idleJoules: 0,
  unattributedJoules: joules,
  principalJoules: {},
  gramsPerKilowattHour: 1,
  functions: names.map((name) => ({
    function: name,
    calls: 1,
    errors: 0,
    cold: 0,
    callSeconds: 1,
    individualJoules: joules / 2,
    controlPlaneJoules: joules / 4,
    idleJoules: joules / 4,
    operationalGrams: 1,
  })),
});

function lines(sums: FunctionSums): string[] {
  const page = exposition(
    functionFamilies({ ...sums.toJSON(), functions: sums.functions, watts: sums.watts, callWatts: [] }),
  );
  return page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the metrics of functions', () => {
  it('add up to what was accounted', () => {
    const sums = new FunctionSums(0);
    sums.add(window(100, 40));
    sums.add(window(110, 20, ['f', 'a "quoted"\n']));
    const page = lines(sums);
    expect(page).toEqual(
      expect.arrayContaining([
        'wattloop_function_joules_total{function="f",kind="individual"} 30',
        'wattloop_function_joules_total{function="f",kind="control_plane"} 15',
        'wattloop_function_joules_total{function="a \\"quoted\\"\\n",kind="idle"} 5',
        'wattloop_function_carbon_grams_total{function="f",kind="operational"} 2',
        'wattloop_function_watts{function="f"} 1',
        'wattloop_accounted_joules_total 140',
        'wattloop_unattributed_joules_total 60',
        'wattloop_ended_joules_total 0',
      ]),
    );
    const joules = page.filter((line) => /^wattloop_(function|unattributed|ended)_joules/.test(line));
    expect(joules.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(140);
    // Nobody knows what making the machine emitted.
    expect(page.some((line) => line.includes('embodied'))).toBe(false);
  });

  it('never fall: not over a restart, not when functions are too many to be listed', () => {
    const sums = new FunctionSums(0);
    sums.add(
      window(
        0,
        4,
        Array.from({ length: 9_000 }, (_, i) => `old-${i}`),
      ),
    );
    const again = new FunctionSums(9, JSON.parse(JSON.stringify(sums)));
    expect(lines(again).filter((line) => !line.startsWith('wattloop_function_watts'))).toEqual(
      lines(sums).filter((line) => !line.startsWith('wattloop_function_watts')),
    );
    again.add(
      window(
        10,
        4,
        Array.from({ length: 2_000 }, (_, i) => `new-${i}`),
      ),
    );
    expect(again.functions.size).toBe(10_000);
    const given = [...again.functions.values()].reduce(
      (sum, each) => sum + each.individualJoules + each.controlPlaneJoules + each.idleJoules,
      0,
    );
    expect(again.endedJoules).toBe(4_000);
    expect(given + again.endedJoules + again.unattributedJoules).toBe(again.measuredJoules);
  });
});

describe('counters that last', () => {
  const page = (joules: number, watts: number) => {
    const counter = new FamilyWriter('nodeJoules');
    counter.add(joules, 0, { source: 'rapl', domain: 'package' });
    const gauge = new FamilyWriter('nodeWatts');
    gauge.add(watts, 0, { source: 'rapl', domain: 'package' });
    return [counter, gauge];
  };
  const values = (families: ReturnType<LastingCounters['of']>) =>
    families.map(({ samples }) => samples.map(({ value }) => value));

  it('go on from what was shown, and gauges are as they are', () => {
    const first = new LastingCounters();
    expect(values(first.of(page(5, 50)))).toEqual([[5], [50]]);
    const second = new LastingCounters(first.shown);
    expect(values(second.of(page(0, 40)))).toEqual([[5], [40]]);
    expect(values(second.of(page(2, 40)))).toEqual([[7], [40]]);
    const third = new LastingCounters(second.shown);
    expect(values(third.of(page(1, 40)))).toEqual([[8], [40]]);
  });

  it('remember what is not shown for a while', () => {
    const first = new LastingCounters();
    first.of(page(5, 50));
    const second = new LastingCounters(first.shown);
    second.of([]);
    expect(values(new LastingCounters(second.shown).of(page(1, 1)))[0]).toEqual([6]);
  });
});
