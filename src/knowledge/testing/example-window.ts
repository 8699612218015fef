import type { FootprintWindow, FunctionWindow } from '../../model/index.js';

const share = (name: string, individualJoules: number): FunctionWindow => ({
  function: name,
  calls: 30,
  errors: 1,
  cold: 2,
  callSeconds: 15,
  cpuSeconds: 12,
  individualJoules,
  controlPlaneJoules: 250,
  idleJoules: 1_000,
  operationalGrams: 0.6,
  embodiedGrams: 0.125,
});

/** A minute of the account of two functions. */
export const exampleWindow = (from: number, changes: Partial<FootprintWindow> = {}): FootprintWindow => ({
  from,
  to: from + 60,
  measuredJoules: 6_000,
  individualJoules: 3_000,
  controlPlaneJoules: 500,
  idleJoules: 2_000,
  unattributedJoules: 500,
  principalJoules: { 'control-plane': 400, wattloop: 100 },
  gramsPerKilowattHour: 400,
  functions: [share('a', 2_000), share('b', 1_000)],
  ...changes,
});
