import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { intensitySeries } from './intensity-series.js';

const fileOf = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'intensity-')), 'grid.csv');
  writeFileSync(file, text);
  return file;
};

const DATED = 'datetime,g_per_kwh\n2026-05-01T00:00Z,100\n2026-05-01T01:00Z,900\n';

describe('intensitySeries', () => {
  it('takes seconds as those of the trace', () => {
    const series = intensitySeries(fileOf('t,g_per_kwh\n0,100\n300,900\n'), undefined);
    expect([series.at(0), series.at(299), series.at(300)]).toEqual([100, 100, 900]);
  });

  it('moves dates onto the clock of a trace that began at a moment', () => {
    const series = intensitySeries(fileOf(DATED), '2026-05-01T00:55Z');
    expect([series.at(0), series.at(299), series.at(300), series.at(3899), series.at(3900)]).toEqual([
      100,
      100,
      900,
      900,
      undefined,
    ]);
  });

  it('asks when the trace began where a series has dates', () => {
    expect(() => intensitySeries(fileOf(DATED), undefined)).toThrow(
      /has dates, and a trace does not say when/,
    );
    expect(() => intensitySeries(fileOf(DATED), 'yesterday')).toThrow(/yesterday is no date/);
  });

  it('says which file could not be read', () => {
    expect(() => intensitySeries('/nowhere/grid.csv', undefined)).toThrow(/\/nowhere\/grid\.csv/);
  });
});
