import { describe, expect, it } from 'vitest';
import { hashOfKey } from './key-hash.js';

describe('hashOfKey', () => {
  // By another implementation of the same words. Partitions that are stored rely on them: another figure would send old and
  // new elements to different workers.
  it.each([
    ['', 90_457_223],
    ['a', 194_382_013],
    ['süß', 3_237_959_606],
    [0, 1_251_439_042],
    [1, 3_612_797_279],
    [-1.5, 1_407_907_717],
    [10n, 2_400_966_211],
    [true, 3_497_493_531],
    [null, 282_499_791],
    [undefined, 92_598_572],
  ])('is the same for %o for ever', (key, hash) => {
    expect(hashOfKey(key)).toBe(hash);
  });

  it('has keys together that are one key in a Map, and no others', () => {
    expect(hashOfKey(-0)).toBe(hashOfKey(0));
    const hashes = [1, '1', 1n, true, 'true', null, 'null', undefined, Number.NaN, ''].map(hashOfKey);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it.each([
    ['counted numbers', (index: number) => index],
    ['even numbers', (index: number) => index * 1024],
    ['names', (index: number) => `customer-${index}`],
  ])('spreads %s evenly', (_, key) => {
    const counts = new Array<number>(16).fill(0);
    for (let index = 0; index < 16_000; index++) {
      const bucket = (hashOfKey(key(index)) ?? 0) % 16;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    // 1,000 a bucket, give or take five standard deviations.
    expect(Math.max(...counts.map((count) => Math.abs(count - 1_000)))).toBeLessThan(5 * Math.sqrt(1_000));
  });

  it('is nothing for what can be no key', () => {
    expect(hashOfKey({} as string)).toBeUndefined();
  });
});
