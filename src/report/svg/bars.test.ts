import { describe, expect, it } from 'vitest';
import { stackedBar, whisker } from './bars.js';
import { amountScale } from './scale.js';

const scale = amountScale(100, { start: 0, end: 1000 });

describe('stackedBar', () => {
  it('puts parts one after another and leaves out those of no size', () => {
    const { text } = stackedBar(
      [
        { value: 30, look: 'work', title: 'own' },
        { value: 0, look: 'floor', title: 'none' },
        { value: Number.NaN, look: 'floor', title: 'unknown' },
        { value: 20, look: 'idle', title: 'idle' },
      ],
      scale,
      0,
      10,
    );
    expect(
      [...text.matchAll(/class="(\w+)" x="([\d.]+)" y="0" width="([\d.]+)"/g)].map(([, ...found]) => found),
    ).toEqual([
      ['work', '0', '300'],
      ['idle', '300', '200'],
    ]);
  });
});

describe('whisker', () => {
  it('reaches one error to either side, and never beyond the scale', () => {
    expect(whisker({ value: 50, error: 10, title: 'x' }, scale, 5).text).toContain('d="M400 5H600');
    expect(whisker({ value: 50, error: Number.POSITIVE_INFINITY, title: 'x' }, scale, 5).text).toContain(
      'd="M0 5H1000',
    );
  });
});
