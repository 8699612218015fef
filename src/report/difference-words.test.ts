import { describe, expect, it } from 'vitest';
import type { Difference } from '../model/index.js';
import {
  changeText,
  configurationText,
  effectText,
  meanText,
  pText,
  ratioText,
  tickText,
} from './difference-words.js';

const difference: Difference = {
  counts: [5, 5],
  means: [1, 1.2],
  value: 0.2,
  low: 0.1,
  high: 0.3,
  ratio: { value: 1.2, low: 1.08, high: 1.33 },
  t: 4,
  degreesOfFreedom: 8,
  p: 0.004,
  adjustedP: 0.012,
  isSignificant: true,
  effect: { cohensD: 2.5, hedgesG: 2.26, low: 0.6, high: 14.2 },
  effectWord: 'large',
};

describe('the words for differences', () => {
  it.each([
    [0.5, '-50 %'],
    [1.034, '+3.4 %'],
    [1, '0.0 %'],
    [2.6, '+160 %'],
    [12.34, '×12.3'],
  ])('writes a ratio of %d as %s', (ratio, expected) => expect(changeText(ratio)).toBe(expected));

  it.each([
    [0.04321, '0.043'],
    [0.0004, '< 0.001'],
    [1, '1.0'],
  ])('writes p = %d as %s', (p, expected) => expect(pText(p)).toBe(expected));

  it('writes ticks without zeros that say nothing', () => {
    expect([0, 0.5, 10, 40, 100, 1500].map(tickText('time'))).toEqual([
      '0',
      '500 ms',
      '10 s',
      '40 s',
      '100 s',
      '1500 s',
    ]);
    expect([0.0005, 0.001, 0.0015, 2].map(tickText('cost'))).toEqual(['$0.0005', '$0.001', '$0.0015', '$2']);
    expect([1500, 2000].map(tickText('energy'))).toEqual(['1.5 kJ', '2 kJ']);
  });

  it('writes differences with their intervals', () => {
    expect(ratioText(difference)).toBe('+20 % (+8.0 % to +33 %)');
    expect(effectText(difference)).toBe('2.26 large (0.60 to 14)');
    const { effect: _effect, ratio: _ratio, ...bare } = difference;
    expect(effectText({ ...bare, t: Number.POSITIVE_INFINITY })).toBe('no spread');
    expect(effectText({ ...bare, t: 0 })).toBe('none');
    expect(ratioText(bare)).toBe('-');
  });

  it('writes means with half their intervals, and configurations in words', () => {
    const figure = (mean: number, confidence95: number | undefined) => ({
      statistics: { count: 5, mean, standardDeviation: 1, confidence95 },
      observations: [],
    });
    expect(meanText('time', figure(1.234, 0.041))).toBe('1.23 ± 0.04 s');
    expect(meanText('cost', figure(0.002, 0.0001))).toBe('$0.00200 ± 5.0 %');
    expect(meanText('cost', figure(0.002, undefined))).toBe('$0.00200');
    expect(meanText('energy', undefined)).toBe('-');
    expect(configurationText({ workers: 1, cpu: 0.14469, memoryMib: 256 })).toBe(
      '1 worker, 0.145 CPUs, 256 MiB',
    );
  });
});
