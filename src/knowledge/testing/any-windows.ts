import fc from 'fast-check';
import type { FootprintWindow, FunctionWindow } from '../../model/index.js';

const joules = fc.double({ min: 0, max: 1e4, noNaN: true });
const count = fc.nat(1_000);

const share = (name: string): fc.Arbitrary<FunctionWindow> =>
  fc.record(
    {
      function: fc.constant(name),
      calls: count,
      errors: count,
      cold: count,
      callSeconds: joules,
      cpuSeconds: joules,
      individualJoules: joules,
      controlPlaneJoules: joules,
      idleJoules: joules,
      operationalGrams: joules,
      embodiedGrams: joules,
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        'function',
        'calls',
        'errors',
        'cold',
        'callSeconds',
        'individualJoules',
        'controlPlaneJoules',
        'idleJoules',
        'operationalGrams',
      ],
    },
  );

const total = (functions: readonly FunctionWindow[], figure: (each: FunctionWindow) => number): number =>
  functions.reduce((sum, each) => sum + figure(each), 0);

const body = fc.record({
  seconds: fc.integer({ min: 1, max: 60 }),
  gap: fc.constantFrom(0, 0, 0, 0, 30, 200, 5_000, 50_000),
  functions: fc.subarray(['a', 'b', 'c']).chain((names) => fc.tuple(...names.map(share))),
  unattributedJoules: joules,
  gramsPerKilowattHour: joules,
  principalJoules: fc.dictionary(fc.constantFrom('control-plane', 'wattloop', 'os'), joules, {
    noNullPrototype: true,
  }),
});

/** Windows of an account, each whole: one after the other, with gaps at times. */
export const anyWindows = ({
  begin,
  min,
  max,
}: {
  begin: number;
  min?: number;
  max: number;
}): fc.Arbitrary<FootprintWindow[]> =>
  fc.array(body, { minLength: min ?? 0, maxLength: max }).map((bodies) => {
    let at = begin;
    return bodies.map(({ seconds, gap, functions, unattributedJoules, ...rest }) => {
      const from = at + gap;
      at = from + seconds;
      const individualJoules = total(functions, (each) => each.individualJoules);
      const controlPlaneJoules = total(functions, (each) => each.controlPlaneJoules);
      const idleJoules = total(functions, (each) => each.idleJoules);
      return {
        ...rest,
        from,
        to: at,
        measuredJoules: individualJoules + controlPlaneJoules + idleJoules + unattributedJoules,
        individualJoules,
        controlPlaneJoules,
        idleJoules,
        unattributedJoules,
        functions,
      };
    });
  });
