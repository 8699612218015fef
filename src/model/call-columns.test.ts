import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallColumns } from './call-columns.js';
import { type AccountedCall, CALL_STATUSES } from './served-call.js';

const time = fc.double({ min: 0, max: 2e9, noNaN: true });
const name = fc.constantFrom('a', 'b', 'ü');
const anyCall: fc.Arbitrary<AccountedCall> = fc
  .record({
    must: fc.record({
      id: fc.string(),
      function: name,
      version: name,
      replica: name,
      attempt: fc.integer({ min: 1, max: 9 }),
      isAsync: fc.boolean(),
      arrivedAt: time,
      startedAt: time,
      endedAt: time,
      cold: fc.boolean(),
      status: fc.constantFrom(...CALL_STATUSES),
      requestBytes: fc.nat(),
      responseBytes: fc.nat(),
    }),
    may: fc.record(
      {
        coldSeconds: time,
        httpStatus: fc.integer({ min: 100, max: 599 }),
        cpuSeconds: time,
        traceId: fc.string({ minLength: 1 }),
        energy: fc.oneof(
          fc.record({
            joules: time,
            idleJoules: time,
            source: fc.constant('rapl' as const),
            provenance: fc.constant('measured' as const),
          }),
          fc.record({
            joules: time,
            source: fc.constantFrom('tdp' as const, 'rapl' as const),
            provenance: fc.constant('estimated' as const),
          }),
        ),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ must, may }) => ({ ...must, ...may }));
const calls = fc.array(anyCall, { maxLength: 60 });

describe('calls by column', () => {
  it('are the calls that they were made of', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const columns = CallColumns.of(list);
        expect(columns).toHaveLength(list.length);
        expect([...columns]).toEqual(list);
      }),
    );
  });

  it('can be kept in part, cut, and put together anew', () => {
    fc.assert(
      fc.property(
        calls,
        fc.nat(60),
        fc.nat(60),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        (list, from, to, kept) => {
          const columns = CallColumns.of(list);
          const cut = columns.slice(from, to);
          expect([...cut]).toEqual(list.slice(from, Math.max(from, to)));
          const others = CallColumns.of(list.slice(0, 3));
          for (let index = 0; index < cut.length; index++) others.pushFrom(cut, index);
          expect([...others]).toEqual([...list.slice(0, 3), ...cut]);
          columns.keep((index) => kept[index] === true);
          expect([...columns]).toEqual(list.filter((_, index) => kept[index]));
          for (const call of list) columns.push(call);
          expect([...columns]).toEqual([...list.filter((_, index) => kept[index]), ...list]);
        },
      ),
    );
  });
});
