import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    [` 00-${TRACE}-${SPAN}-03 `, 3],
    // Flags without a meaning are not passed on.
    [`00-${TRACE}-${SPAN}-fd`, 1],
    // Of a later version.
    [`01-${TRACE}-${SPAN}-01`, 1],
    [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, 1],
  ])('reads %s', (header, flags) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, flags });
  });

  it.each([
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `01-${TRACE}-${SPAN}-01what`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
    [`00-${TRACE}-${SPAN}-01`],
    undefined,
  ])('refuses %j', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('reads what formatTraceparent writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), (flags) => {
        const context = { traceId: newTraceId(), spanId: newSpanId(), flags };
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
      }),
    );
  });

  it('takes nothing that breaks a header', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const context = parseTraceparent(text);
        if (context !== undefined) expect(formatTraceparent(context)).toMatch(/^[0-9a-f-]{55}$/);
      }),
    );
  });
});

it('new ids differ', () => {
  const ids = new Set(Array.from({ length: 5_000 }, newTraceId));
  expect(ids.size).toBe(5_000);
});
