import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountedCall, CALL_STATUSES, CallColumns } from '../../model/index.js';
import { Knowledge } from '../knowledge.js';
import { CALLS_BEGIN, exampleCall } from '../testing/example-call.js';
import { freshPath } from '../testing/folder.js';

const open = (): Promise<Knowledge> => Knowledge.open(freshPath());

describe('calls', () => {
  it('are read back as they were, the newest first', async () => {
    const knowledge = await open();
    const calls = [
      exampleCall(1),
      exampleCall(2, { cold: true, coldSeconds: 0.25, isAsync: true, attempt: 3, traceId: 'f'.repeat(32) }),
      exampleCall(3, { status: 'crashed', httpStatus: 502 }),
    ];
    const { cpuSeconds: _cpu, energy: _energy, httpStatus: _http, ...bare } = exampleCall(4);
    knowledge.served.recordCalls(CallColumns.of([...calls, bare]));
    expect(knowledge.served.calls({ limit: 10 })).toEqual({
      calls: [bare, ...calls.reverse()],
      next: undefined,
    });
    knowledge.close();
  });

  it('that end at once are all kept', async () => {
    const knowledge = await open();
    const calls = Array.from({ length: 200 }, (_, index) => exampleCall(0, { id: String(index) }));
    knowledge.served.recordCalls(CallColumns.of(calls));
    knowledge.served.recordCalls(CallColumns.of(calls));
    const kept = knowledge.served.calls({ from: CALLS_BEGIN, to: CALLS_BEGIN + 1e-6, limit: 1_000 }).calls;
    expect(kept).toHaveLength(400);
    expect(new Set(kept.map(({ endedAt }) => endedAt))).toEqual(new Set([CALLS_BEGIN]));
    knowledge.close();
  });

  it('are found by function, status and time together, page by page', async () => {
    const knowledge = await open();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            number: fc.nat(300),
            function: fc.constantFrom('a', 'b', 'c'),
            status: fc.constantFrom(...CALL_STATUSES),
          }),
          { maxLength: 60 },
        ),
        fc.record(
          {
            function: fc.constantFrom('a', 'b', 'nobody'),
            status: fc.constantFrom(...CALL_STATUSES),
            from: fc.nat(300).map((number) => CALLS_BEGIN + number / 1_000),
            to: fc.nat(300).map((number) => CALLS_BEGIN + number / 1_000),
          },
          { requiredKeys: [] },
        ),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (many, filter, limit, batches) => {
          const each = await open();
          const calls = many.map(({ number, ...rest }, index) =>
            exampleCall(number, { ...rest, id: String(index) }),
          );
          // In several batches, each of whatever times.
          for (let batch = 0; batch < batches; batch++)
            each.served.recordCalls(CallColumns.of(calls.filter((_, index) => index % batches === batch)));
          const found: AccountedCall[] = [];
          let cursor: string | undefined;
          do {
            const page = each.served.calls({ ...filter, limit, ...(cursor !== undefined && { cursor }) });
            expect(page.calls.length).toBeLessThanOrEqual(limit);
            found.push(...page.calls);
            cursor = page.next;
            // What is new does not move what is on later pages.
            each.served.recordCalls(CallColumns.of([exampleCall(301, { function: 'a', id: 'new' })]));
          } while (cursor !== undefined);
          const wanted = calls.filter(
            (call) =>
              (filter.function === undefined || call.function === filter.function) &&
              (filter.status === undefined || call.status === filter.status) &&
              (filter.from === undefined || call.endedAt >= filter.from) &&
              (filter.to === undefined || call.endedAt < filter.to),
          );
          const ids = (list: readonly AccountedCall[]): string[] => list.map(({ id }) => id).sort();
          expect(ids(found)).toEqual(ids(wanted));
          expect(found.map(({ endedAt }) => endedAt)).toEqual(
            found.map(({ endedAt }) => endedAt).sort((a, b) => b - a),
          );
          each.close();
        },
      ),
      { numRuns: 40 },
    );
    knowledge.close();
  });

  it('that could not be read back are refused, and none of their batch is kept', async () => {
    const knowledge = await open();
    for (const changes of [
      { requestBytes: Number.NaN },
      { cpuSeconds: Number.NEGATIVE_INFINITY },
      { id: 'a\0b' },
      { endedAt: Number.POSITIVE_INFINITY },
    ])
      expect(() =>
        knowledge.served.recordCalls(CallColumns.of([exampleCall(1), exampleCall(2, changes)])),
      ).toThrow(expect.objectContaining({ code: 'bad_input' }));
    expect(() =>
      knowledge.served.recordCalls(CallColumns.of([exampleCall(1), exampleCall(2, { function: '\ud800' })])),
    ).toThrow(expect.objectContaining({ code: 'bad_input' }));
    expect(knowledge.served.calls({ limit: 10 }).calls).toEqual([]);
    // Names of the batch that came to nothing are written again.
    knowledge.served.recordCalls(CallColumns.of([exampleCall(1)]));
    expect(knowledge.served.calls({ limit: 10 }).calls).toEqual([exampleCall(1)]);
    knowledge.close();
  });

  it.each([
    { limit: 0 },
    { limit: 1.5 },
    { limit: 1e9 },
    { limit: 1, cursor: 'x y' },
    { limit: 1, cursor: 'zzzzzzzzzzz-1-1' },
    { limit: 1, cursor: '1-1' },
  ])('are not to be had with %j', async (filter) => {
    const knowledge = await open();
    expect(() => knowledge.served.calls(filter)).toThrow(expect.objectContaining({ code: 'bad_input' }));
    knowledge.close();
  });
});
