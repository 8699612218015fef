import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.js';
import { isIdentification, parseValue } from './answer.js';
import { LineSplitter } from './lines.js';

describe('LineSplitter', () => {
  it('finds the same lines however they are cut into chunks', () => {
    const line = fc.string({ unit: fc.constantFrom('1', '.', 'E', '+', ','), maxLength: 20 });
    const ends = fc.constantFrom(['lf', '\n'], ['crlf', '\r\n'], ['cr', '\r']) as fc.Arbitrary<
      ['lf' | 'crlf' | 'cr', string]
    >;
    fc.assert(
      fc.property(
        fc.array(line),
        ends,
        fc.array(fc.nat(40), { maxLength: 30 }),
        (lines, [name, end], cuts) => {
          const splitter = new LineSplitter(name);
          const bytes = Buffer.from(lines.map((text) => text + end).join(''));
          const found: string[] = [];
          let at = 0;
          for (const size of [...cuts, bytes.length]) {
            found.push(...splitter.push(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(found).toEqual(lines);
        },
      ),
    );
  });

  it('keeps half a line for later, and never gives it out by itself', () => {
    const splitter = new LineSplitter('lf');
    expect(splitter.push(Buffer.from('12'))).toEqual([]);
    expect(splitter.push(Buffer.from('3.4\r\n5'))).toEqual(['123.4']);
  });

  it('forgets a line without end', () => {
    const splitter = new LineSplitter('lf');
    for (let index = 0; index < 20; index++) splitter.push(Buffer.alloc(1024, 'x'));
    expect(splitter.push(Buffer.from('\n7\n'))[1]).toBe('7');
  });
});

describe('parseValue', () => {
  it.each([
    ['1.2345E+02', 0, 123.45],
    ['+98.6', 0, 98.6],
    ['.5', 0, 0.5],
    ['0', 0, 0],
    ['230.1, 0.43 ,  98.2,0.99', 2, 98.2],
    ['98.2 W', 0, 98.2],
    ['98.2,NAN', 0, 98.2],
  ])('finds the power in %j at %d', (line, index, number) => {
    expect(parseValue(line, index)).toEqual({ number });
  });

  it.each([
    ['', 0],
    ['9.91E+37', 0],
    ['9.9E37', 0],
    ['-9.9E+37', 0],
    ['INF', 0],
    ['NAN', 0],
    ['----', 0],
    ['------ OL', 0],
    ['-12.5', 0],
    ['1.2.3', 0],
    ['1E', 0],
    ['0x12', 0],
    ['Infinity', 0],
    ['98.2', 1],
    ['98.2,', 1],
  ])('sees that %j holds no power at %d', (line, index) => {
    expect(parseValue(line, index)).toHaveProperty('nonsense');
  });

  it('never gives anything but a finite number that is not negative', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), fc.nat(3), (line, index) => {
        const value = parseValue(line, index);
        if ('number' in value) expect(Number.isFinite(value.number) && value.number >= 0).toBe(true);
      }),
    );
  });
});

describe('isIdentification', () => {
  it('tells a name from figures', () => {
    expect(isIdentification('GWInstek,GPM-8310,GEU123456,1.05')).toBe(true);
    expect(isIdentification('YOKOGAWA,WT310E-C2-H,0,F1.04')).toBe(true);
    for (const line of ['', '1.2E+02', '230.1,0.43,98.2', 'NAN,INF', 'INF,1', '----,----', '1E5,2E5']) {
      expect(isIdentification(line), line).toBe(false);
    }
  });
});

describe('parseAddress', () => {
  it('reads both kinds', () => {
    expect(parseAddress('tcp://meter.lan:5025')).toEqual({ kind: 'tcp', host: 'meter.lan', port: 5025 });
    expect(parseAddress('tcp://[fe80::1]:23')).toEqual({ kind: 'tcp', host: 'fe80::1', port: 23 });
    expect(parseAddress('serial:/dev/ttyUSB0')).toEqual({ kind: 'serial', path: '/dev/ttyUSB0' });
  });

  it.each(['tcp://meter', 'tcp://meter:0', 'tcp://meter:99999', 'serial:ttyUSB0', 'usb:1'])(
    'refuses %j',
    (text) => {
      expect(() => parseAddress(text)).toThrow(/no address/);
    },
  );
});
