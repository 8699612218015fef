import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cumulative } from './cumulative.js';
import { parseBlockIo, parseCpuStat } from './figures.js';

const nothingStacked = (): boolean => false;

describe('figures of control groups', () => {
  it('are CPU times, with throttling where a quota can be set', () => {
    const text =
      'usage_usec 9007199254740993\nuser_usec 5\nsystem_usec 6\nnr_periods 1\nnr_throttled 1\nthrottled_usec 70\n';
    expect(parseCpuStat(text)).toEqual({
      usageMicroseconds: 9007199254740993n,
      userMicroseconds: 5n,
      systemMicroseconds: 6n,
      throttledMicroseconds: 70n,
    });
    expect(parseCpuStat('usage_usec 1\n')).toMatchObject({ throttledMicroseconds: undefined });
    for (const garbage of ['', 'usage_usec', 'usage_usec -1', 'usage_usec x\n', 'user_usec 5\n']) {
      expect(parseCpuStat(garbage)).toBeUndefined();
    }
  });

  it('are bytes over all devices, in either version', () => {
    const v2 =
      '8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n8:0 rbytes=90 wbytes=10 rios=1 wios=1\n';
    expect(parseBlockIo(v2, nothingStacked)).toEqual({ read: 1459290n, written: 314773514n });
    const v1 = '8:0 Read 5\n8:0 Write 6\n8:0 Sync 1\n8:0 Async 10\n8:0 Total 11\nTotal 11\n';
    expect(parseBlockIo(v1, nothingStacked)).toEqual({ read: 5n, written: 6n });
  });

  it('do not count a device again that stands on another', () => {
    const text = '8:0 rbytes=100 wbytes=10\n253:0 rbytes=100 wbytes=10\n';
    expect(parseBlockIo(text, (device) => device === '253:0')).toEqual({ read: 100n, written: 10n });
  });

  it.each(['', '8:0\n', '8:0 rbytes=x wbytes=\n', 'garbage', '7:0 \n'])('are none in %j', (text) => {
    expect(parseBlockIo(text, nothingStacked)).toEqual({ read: 0n, written: 0n });
  });
});

describe('a cumulative counter', () => {
  it('only grows, and sums all steps forward', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), (values) => {
        const counter = new Cumulative();
        let [last, expected] = [0, 0n];
        for (const [index, value] of values.entries()) {
          counter.take(value);
          const before = values[index - 1];
          if (before !== undefined && value > before) expected += value - before;
          expect(counter.sum).toBeGreaterThanOrEqual(last);
          last = counter.sum;
        }
        expect(counter.sum).toBe(Number(expected));
      }),
    );
  });

  it('counts from a given value', () => {
    const counter = new Cumulative(0n);
    counter.take(7n);
    expect(counter.sum).toBe(7);
  });
});
