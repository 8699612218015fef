import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from './json-lines.js';

describe('jsonLines', () => {
  it('is one line where it fits, and one for each part where it does not', () => {
    const value = { best: { name: 'tree', accuracy: 0.79 }, models: [{ name: 'tree' }, { name: 'forest' }] };
    expect(jsonLines(value, 100)).toBe(JSON.stringify(value));
    expect(jsonLines(value, 42)).toBe(`{
  "best": {"name":"tree","accuracy":0.79},
  "models": [
    {"name":"tree"},
    {"name":"forest"}
  ]
}`);
  });

  it('is always the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 80 }), (value, width) => {
        expect(JSON.parse(jsonLines(value, width))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
