import fc from 'fast-check';
import type { Account, AccountCourse, FunctionAccount } from '../account.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const error = fc.double({ min: 0, max: 1e4, noNaN: true });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Names as nobody should give them: empty, of other scripts, of the language's own, with signs that do harm. */
const anyFunctionName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '<script>alert(1)</script>', 'a\u001b[2Jb', '"&\''),
);

const anyFunction = fc.record({
  name: anyFunctionName,
  invocations: fc.nat({ max: 1_000_000 }),
  meanLatencySeconds: amount,
  powerWatts: amount,
  powerErrorWatts: error,
  individualJoules: amount,
  individualErrorJoules: error,
  floorPart: fc.double({ min: 0, max: 1, noNaN: true }),
  controlPlaneJoules: amount,
  idleJoules: amount,
  marginal: maybe(fc.tuple(amount, error)),
  remark: maybe(fc.string()),
  operationalGrams: amount,
  embodiedGrams: maybe(amount),
  cov: maybe(amount),
});

const anyCourse = (functions: number): fc.Arbitrary<AccountCourse> =>
  fc.nat({ max: 40 }).chain((ticks) => {
    const column = fc
      .array(fc.oneof({ weight: 9, arbitrary: amount }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), {
        minLength: ticks,
        maxLength: ticks,
      })
      .map((values) => Float64Array.from(values));
    return fc.record({
      t: fc.constant(Float64Array.from({ length: ticks }, (_, tick) => tick + 1)),
      measuredWatts: column,
      predictedWatts: column,
      idleWatts: column,
      controlPlaneWatts: column,
      functionWatts: fc.array(column, { minLength: functions, maxLength: functions }),
    });
  });

/** Any account whose parts make up what was measured, with figures absent here and there. */
export const anyAccount: fc.Arbitrary<Account> = fc
  .uniqueArray(anyFunction, { maxLength: 8, selector: ({ name }) => name })
  .chain((rows) =>
    fc
      .record({
        unattributedJoules: amount,
        lagSeconds: maybe(fc.double({ min: -20, max: 20, noNaN: true })),
        idleWatts: maybe(amount),
        r2: maybe(fc.double({ min: -5, max: 1, noNaN: true })),
        cosineSimilarity: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
        message: fc.string(),
        course: anyCourse(rows.length),
      })
      .map((rest): Account => {
        const functions = rows.map(({ floorPart, marginal, ...row }): FunctionAccount => {
          const carbonGrams = row.operationalGrams + (row.embodiedGrams ?? 0);
          return {
            ...row,
            floorJoules: floorPart * row.individualJoules,
            totalJoules: row.individualJoules + row.controlPlaneJoules + row.idleJoules,
            marginalJoules: marginal?.[0],
            marginalErrorJoules: marginal?.[1],
            carbonGrams,
            sciGrams: carbonGrams,
          };
        });
        const total = (part: (each: FunctionAccount) => number): number =>
          sum(functions.map((each) => part(each) * each.invocations));
        const shares = {
          individualJoules: total((each) => each.individualJoules),
          controlPlaneJoules: total((each) => each.controlPlaneJoules),
          idleJoules: total((each) => each.idleJoules),
          unattributedJoules: rest.unattributedJoules,
        };
        return {
          windowSeconds: rest.course.t.length,
          functions,
          groups: [],
          shares: { ...shares, measuredJoules: sum(Object.values(shares)) },
          lagSeconds: rest.lagSeconds,
          idleWatts: rest.idleWatts,
          r2: rest.r2,
          validation:
            rest.cosineSimilarity === undefined
              ? undefined
              : {
                  against: 'marginal',
                  compared: functions.map(({ name }) => name),
                  withoutEstimate: [],
                  cosineSimilarity: rest.cosineSimilarity,
                  differences: Object.fromEntries(
                    functions.map(({ name, totalJoules }) => [name, totalJoules]),
                  ),
                  absent: { totalError: rest.message },
                  windowSeconds: 60,
                },
          course: rest.course,
          findings: [{ code: 'any', message: rest.message }],
          provenance: { power_w: { provenance: 'modelled', method: rest.message } },
        };
      }),
  );
