import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaStack, type Layer } from './area-stack.js';
import type { Scale } from './scale.js';

/** A pixel a unit and tenths that can be read back; the foot is at 0 and up is negative, as on a screen. */
const X: Scale = { from: 0, to: 1, start: 0, end: 1, ticks: [], at: (value) => value };
const Y: Scale = { ...X, at: (value) => -value };

/** The area of an outline of horizontal and vertical lines that starts and ends at the foot. */
function areaOf(path: string): number {
  let [x, y, area] = [0, 0, 0];
  for (const [, command, number] of path.matchAll(/([MHV])(-?[\d.]+)/g)) {
    if (command === 'V') y = -Number(number);
    else {
      area += command === 'H' ? y * (Number(number) - x) : 0;
      x = Number(number);
    }
  }
  return area;
}

const pathsOf = (text: string): string[] =>
  [...text.matchAll(/ d="([^"]*)"/g)].map((match) => match[1] ?? '');
const layer = (values: readonly number[], title = 'a'): Layer => ({
  title,
  look: 'idle',
  values: Float64Array.from(values),
});

describe('areaStack', () => {
  it('draws steps, a flat stretch as one line', () => {
    const { text } = areaStack([layer([2, 2, 5])], [0, 1, 2, 3], X, Y);
    expect(pathsOf(text)).toEqual(['M0 0V-2H2V-5H3V0Z']);
  });

  it('paints the highest layer first, so that lower ones stand before it', () => {
    const { text } = areaStack([layer([1], 'foot'), layer([2], 'top')], [0, 1], X, Y);
    expect(text.indexOf('top')).toBeLessThan(text.indexOf('foot'));
    expect(pathsOf(text).map(areaOf)).toEqual([3, 1]);
  });

  it('counts what is absent or below zero as nothing', () => {
    const { text } = areaStack([layer([Number.NaN, -3, 4])], [0, 1, 2, 3], X, Y);
    expect(pathsOf(text).map(areaOf)).toEqual([4]);
  });

  it('draws exactly the energy of its layers', () => {
    const values = fc.array(fc.nat({ max: 5000 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (layers) => {
        const { text } = areaStack(
          layers.map((each) => layer(each)),
          [0, 1, 2, 4, 5, 6],
          X,
          Y,
        );
        const total = layers.flat().reduce((sum, value, i) => sum + value * (i % 5 === 2 ? 2 : 1), 0);
        expect(areaOf(pathsOf(text)[0] ?? '')).toBeCloseTo(total, 6);
      }),
    );
  });
});
