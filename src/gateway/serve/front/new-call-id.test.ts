import { describe, expect, it } from 'vitest';
import { newCallId } from './new-call-id.js';

describe('ids of calls', () => {
  it('are random UUIDs, no two alike', () => {
    const ids = Array.from({ length: 10_000 }, newCallId);
    for (const id of ids)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
    // Every digit that chance decides takes all values.
    for (const place of [0, 7, 9, 15, 20, 24, 35]) expect(new Set(ids.map((id) => id[place])).size).toBe(16);
  });
});
