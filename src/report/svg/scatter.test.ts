import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandScale, besideMiddle } from './band-scale.js';
import { errorBars, labels } from './scatter.js';

const ROOM = { left: 0, right: 400, top: 0, bottom: 300 };

describe('bandScale', () => {
  it('gives every value equal room, in order', () => {
    const scale = bandScale([8, 1, 2, 8], { start: 0, end: 300 });
    expect(scale.values).toEqual([1, 2, 8]);
    expect(scale.values.map((value) => scale.at(value))).toEqual([50, 150, 250]);
    expect(scale.at(3)).toBeNaN();
  });

  it('keeps series beside the middle within the room', () => {
    expect(besideMiddle(0, 1, 100)).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 10, max: 200 }), (count, width) => {
        const places = Array.from({ length: count }, (_, index) => besideMiddle(index, count, width));
        for (const place of places) expect(Math.abs(place)).toBeLessThan(width / 2);
        expect(places.reduce((sum, place) => sum + place, 0)).toBeCloseTo(0, 9);
      }),
    );
  });
});

describe('errorBars', () => {
  it('reaches from end to end, with caps', () => {
    const { text } = errorBars(50, 20, 'a', { from: 40, to: 60 }, { from: 25, to: 10 });
    expect(text).toContain('M40 20H60');
    expect(text).toContain('M50 25V10');
    expect(text.match(/v8/g)).toHaveLength(2);
    expect(errorBars(1, 2, 'a').text).toBe('');
  });
});

describe('labels', () => {
  it('covers neither another label nor a point, nor goes beyond the room', () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 300 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const { text } = labels(
          points.map((each) => ({ ...each, text: '8 × 2 CPU' })),
          { ...ROOM, points },
        );
        const placed = [...text.matchAll(/x="([\d.-]+)" y="([\d.-]+)"[^>]*text-anchor="(\w+)"/g)].map(
          ([, x, y, anchor]) => ({ left: Number(x) - (anchor === 'end' ? 9 * 6.4 : 0), y: Number(y) }),
        );
        expect(placed.length).toBeLessThanOrEqual(points.length);
        for (const [index, one] of placed.entries()) {
          expect(one.left).toBeGreaterThanOrEqual(-0.1);
          expect(one.left + 9 * 6.4).toBeLessThanOrEqual(400.1);
          for (const other of placed.slice(index + 1))
            expect(
              Math.abs(one.left - other.left) >= 9 * 6.4 - 0.2 || Math.abs(one.y - other.y) >= 11.9,
            ).toBe(true);
        }
      }),
    );
  });

  it('names a single point', () => {
    expect(labels([{ x: 100, y: 100, text: 'a' }], { ...ROOM, points: [{ x: 100, y: 100 }] }).text).toContain(
      '>a<',
    );
  });
});
