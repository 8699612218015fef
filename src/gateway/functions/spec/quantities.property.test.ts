import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationSeconds } from './duration.js';
import { cpuCount, cpuQuantity, memoryMib, memoryQuantity } from './quantity.js';
import { commandWords } from './words.js';

describe('durationSeconds', () => {
  it.each([
    ['0', 0],
    ['30', 30],
    ['2.5', 2.5],
    ['30s', 30],
    ['1m30s', 90],
    ['1h15m30.918s', 4_530.918],
    ['500ms', 0.5],
    ['10µs', 1e-5],
    ['.5s', 0.5],
    [' 5m ', 300],
  ])('reads %j', (text, seconds) => {
    expect(durationSeconds(text)).toBeCloseTo(seconds, 9);
  });

  it.each(['', 's', '-5s', '1d', '5 s', '1m30', '1,5s', '1e3', 'Infinity', '0x10', '5S', '1..5s', '.s'])(
    'refuses %j',
    (text) => {
      expect(durationSeconds(text)).toBeUndefined();
    },
  );

  const units = { h: 3_600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;
  const part = fc.tuple(fc.nat(10_000), fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[])));

  it('adds up parts in any order', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([number, unit]) => `${number}${unit}`).join('');
        const seconds = parts.reduce((sum, [number, unit]) => sum + number * units[unit], 0);
        expect(durationSeconds(text)).toBeCloseTo(seconds, 6);
      }),
    );
  });

  it('never gives what is no number of seconds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.hmsnuµ-+eE ') }), (text) => {
        const seconds = durationSeconds(text);
        if (seconds !== undefined) expect(Number.isFinite(seconds) && seconds >= 0).toBe(true);
      }),
    );
  });
});

describe('memoryMib', () => {
  it.each([
    ['128Mi', 128],
    ['1Gi', 1_024],
    ['0.5Gi', 512],
    ['1048576', 1],
    ['128M', 128e6 / 2 ** 20],
    ['1e6', 1e6 / 2 ** 20],
    ['512Ki', 0.5],
    ['128m', 128],
    ['2g', 2_048],
    ['1G', 1e9 / 2 ** 20],
  ])('reads %j', (text, mib) => {
    expect(memoryMib(text)).toBeCloseTo(mib, 9);
  });

  it.each(['', 'Mi', '-1Mi', '1 Gi', '1gi', '1MiB', '1e3Mi', 'lots', '1e999'])('refuses %j', (text) => {
    expect(memoryMib(text)).toBeUndefined();
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 43 }), (bytes) => {
        const mib = bytes / 2 ** 20;
        expect(memoryMib(memoryQuantity(mib))).toBe(mib);
      }),
    );
  });
});

describe('cpuCount', () => {
  it.each([
    ['500m', 0.5],
    ['2', 2],
    ['0.1', 0.1],
    ['1500m', 1.5],
    ['1e-1', 0.1],
  ])('reads %j', (text, cpu) => {
    expect(cpuCount(text)).toBeCloseTo(cpu, 12);
  });

  it.each(['', 'm', '-1', '1M', '2cpu', '500 m'])('refuses %j', (text) => {
    expect(cpuCount(text)).toBeUndefined();
  });

  it('reads what it writes, to a thousandth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256_000 }), (thousandths) => {
        expect(cpuCount(cpuQuantity(thousandths / 1e3))).toBeCloseTo(thousandths / 1e3, 9);
      }),
    );
  });
});

describe('commandWords', () => {
  it.each([
    ['xargs cat', ['xargs', 'cat']],
    ['  python3\t-u  run.py ', ['python3', '-u', 'run.py']],
    [`sh -c 'cat | sort -u'`, ['sh', '-c', 'cat | sort -u']],
    [`a "b c"d '' "\\"" \\'`, ['a', 'b cd', '', '"', "'"]],
    ['', []],
  ])('parts %j', (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  it.each([`a 'b`, `a "b`])('refuses %j', (text) => {
    expect(commandWords(text)).toBeUndefined();
  });

  it('gives back what was quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), (words) => {
        const text = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(commandWords(text)).toEqual(words);
      }),
    );
  });
});
