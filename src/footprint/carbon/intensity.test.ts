import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../../errors/index.js';
import { parseIntensitySeries } from './intensity.js';

const parse = (text: string) => parseIntensitySeries(text, { file: 'grid.csv' });

function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof WattloopError) return error.line;
  }
  return 'none';
}

describe('carbon intensity from a file', () => {
  it('reads seconds and dates, blank lines and Windows line ends', () => {
    const series = parse(
      '\uFEFFdatetime,g_per_kwh\r\n2026-03-01T00:00Z,120\r\n\r\n2026-03-01T01:00Z,80.5\r\n',
    );
    const start = Date.UTC(2026, 2, 1) / 1e3;
    expect(series.start).toBe(start);
    expect(series.at(start + 3599)).toBe(120);
    expect(series.at(start + 7199)).toBe(80.5);
    expect(parse('t,g_per_kwh\n0,1\n60.5,2').at(61)).toBe(2);
  });

  it('takes a date without a zone as UTC, and minds the zone of one that has it', () => {
    const [bare, zoned] = ['2026-03-01 01:00', '2026-03-01T02:00+01:00'].map(
      (time) => parse(`time,intensity\n${time},1\n2026-03-02,2`).start,
    );
    expect(bare).toBe(Date.UTC(2026, 2, 1, 1) / 1e3);
    expect(zoned).toBe(bare);
  });

  it('reads an export of Electricity Maps, over the life of the plants', () => {
    const header =
      'Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity gCO₂eq/kWh (Life cycle)';
    const series = parse(`${header}
2024-01-01 00:00:00,"Germany, all",Germany,DE,210.1,260.2
2024-01-01 01:00:00,"Germany, all",Germany,DE,200,250`);
    expect([...series.perKilowattHour]).toEqual([260.2, 250]);
  });

  it('reads the column that is asked for', () => {
    const text = 't,a,b\n0,1,10\n1,2,20';
    expect([...parseIntensitySeries(text, { file: 'x', column: 'B' }).perKilowattHour]).toEqual([10, 20]);
    expect(() => parseIntensitySeries(text, { file: 'x', column: 'c' })).toThrow('no column "c"');
  });

  it('leaves what is blank unknown', () => {
    const series = parse('t,g_per_kwh\n0,100\n10,\n20,300');
    expect([5, 15, 25].map((t) => series.at(t))).toEqual([100, undefined, 300]);
  });

  it.each([
    ['', /^grid\.csv, line 1: no column of times\. Name it in the header: t, time/],
    ['t,price\n0,1', /line 1: no column of carbon intensity\. Name it in the header: g_per_kwh/],
    ['t,g_per_kwh\n0,100\nnoon,100', /line 3: "noon" is not a time/],
    ['t,g_per_kwh\n0,100\n2026-02-30,100', /line 3: "2026-02-30" is not a time/],
    ['t,g_per_kwh\n10,100\n5,100', /line 3: "5" is earlier than the row before/],
    ['t,g_per_kwh\n10,100\n\n10,100', /line 4: "10" is the same time as the row before/],
    ['t,g_per_kwh\n0,low\n1,1', /line 2: "low" is not a number/],
    ['t,g_per_kwh\n0,NaN\n1,1', /line 2: "NaN" is not a number/],
    ['t,g_per_kwh\n0,1e999\n1,1', /line 2: "1e999" is not a number/],
    ['t,g_per_kwh\n0,-5\n1,1', /line 2: carbon intensity of -5/],
    ['t,g_per_kwh\n0,386000\n1,1', /line 2: carbon intensity of 386000\. It is from 0 to 3000/],
    ['t,g_per_kwh\n0,1\n1', /line 3: 1 cells where the header has 2/],
    ['t,g_per_kwh\n0,1\n', /only one row of carbon intensity/],
    ['t,g_per_kwh\n', /no row of carbon intensity/],
  ])('says in one line what is wrong with %j', (text, message) => {
    expect(complaint(text)).toMatch(message);
    expect(complaint(text)).not.toContain('\n');
  });

  it('never fails but with a clear error, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (cell, rows) => {
        const text = `t,g_per_kwh\n${[cell, ...rows].join('\n')}`;
        try {
          expect(parse(text).end).toBeGreaterThan(0 - Number.MAX_VALUE);
        } catch (error) {
          expect(error).toBeInstanceOf(WattloopError);
        }
      }),
    );
  });
});
