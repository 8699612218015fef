import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WattloopError } from '../../../errors/index.js';
import { GRIDS } from './grids.js';
import { findRegion, REGION_INTENSITIES, regionIntensity } from './regions.js';

/** Published data to compare with, beside the repository or where REFERENCE_DATA says. */
const DATA = join(
  process.env.REFERENCE_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'reference',
);
const absent = !existsSync(DATA);

describe('the table of regions', () => {
  it('has a source and a sane figure in every row, and each place once', () => {
    const ids = REGION_INTENSITIES.map(({ provider, region }) => `${provider}:${region}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(170);
    for (const { region, gramsPerKilowattHour, year, source, name } of REGION_INTENSITIES) {
      expect(gramsPerKilowattHour, region).toBeGreaterThan(5);
      expect(gramsPerKilowattHour, region).toBeLessThan(1000);
      expect(source.title.length, region).toBeGreaterThan(10);
      expect(source.url, region).toMatch(/^https:\/\//);
      expect(name.trim(), region).not.toBe('');
      if (year !== undefined) expect(year, region).toBeGreaterThan(2020);
    }
  });

  it('tells apart regions of two providers that differ in a dash', () => {
    expect(findRegion('us-east-1')).toMatchObject({ provider: 'aws', gramsPerKilowattHour: 379.069 });
    expect(findRegion('us-east1')).toMatchObject({ provider: 'gcp', name: 'South Carolina' });
    expect(findRegion('East US')).toMatchObject({ provider: 'azure', region: 'eastus' });
    expect(findRegion('eastus')).toBe(findRegion('east us'));
  });

  it('finds a country by its name, its letters, and the provider before it', () => {
    const germany = findRegion('DEU');
    expect(germany).toMatchObject({ name: 'Germany', gramsPerKilowattHour: 344.14, year: 2024 });
    for (const text of ['DE', 'de', 'Germany', ' germany ', 'country:DE', 'country:deu', 'country/Germany'])
      expect(findRegion(text), text).toBe(germany);
    expect(findRegion('Turkiye')?.region).toBe('TUR');
    expect(findRegion('aws:EU-WEST-3')?.name).toBe('Paris');
    expect(findRegion('gcp:eu-west-3')).toBeUndefined();
    expect(findRegion('world')?.gramsPerKilowattHour).toBe(473);
    expect(findRegion('')).toBeUndefined();
  });

  it.each([
    ['us-east-9', /us-east-1/],
    ['us-est-1', /us-east-1/],
    ['aws:eu-wst-3', /Did you mean eu-west-3\?/],
    ['Germny', /Germany/],
    ['gcp:europe-west33', /Did you mean europe-west3\?/],
    ['westeurop', /westeurope/],
  ])('says of "%s" what is like it', (text, hint) => {
    const error = (() => {
      try {
        return regionIntensity(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(WattloopError);
    expect(error).toMatchObject({ code: 'not_found', remedy: expect.stringMatching(hint) });
  });
});

/** Region and tonnes per kWh of each row. Some rows lost their decimal point, and stand a column to the left. */
function published(file: string): [region: string, grams: number][] {
  const [, ...lines] = readFileSync(join(DATA, file), 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => {
    const [region = '', ...cells] = line.split(',');
    const cell = cells.find((text) => /^[0-9.]+$/.test(text.trim())) ?? '';
    const tonnes = cell.includes('.') ? Number(cell) : Number(`0.${cell}`);
    return [region, tonnes * 1e6];
  });
}

describe.skipIf(absent)('beside the published tables (skipped where there are none)', () => {
  // Those are some years older: grids have become cleaner, and no grid changed beyond these bounds.
  it.each([
    ['aws', 'grid-emissions-factors-aws.csv', 0.65, 1.15],
    ['azure', 'grid-emissions-factors-azure.csv', 0.65, 1.15],
    ['gcp', 'grid-emissions-factors-gcp.csv', 0.05, 1.25],
  ])('knows every region of %s, at a figure of the same size', (provider, file, least, most) => {
    const rows = published(file);
    expect(rows.length).toBeGreaterThan(20);
    for (const [region, grams] of rows) {
      const ratio = regionIntensity(`${provider}:${region}`).gramsPerKilowattHour / grams;
      expect(ratio, region).toBeGreaterThan(least);
      expect(ratio, region).toBeLessThan(most);
    }
  });

  it('orders the regions of Google as they were, but for a few', () => {
    const pairs = published('grid-emissions-factors-gcp.csv').map(
      ([region, then]) => [regionIntensity(`gcp:${region}`).gramsPerKilowattHour, then] as const,
    );
    const same = pairs.flatMap(([now, then], index) =>
      pairs.slice(index + 1).map(([otherNow, otherThen]) => (now - otherNow) * (then - otherThen) >= 0),
    );
    expect(same.filter(Boolean).length / same.length).toBeGreaterThan(0.85);
  });

  it('has the newer figures of the notes for AWS', () => {
    const [, text = ''] = /Grid grams CO2e\/kWh by AWS region: ([\s\S]*?)\. US mean/.exec(
      readFileSync(join(DATA, 'NOTES.md'), 'utf8'),
    ) ?? [''];
    const rows = text.split(',').flatMap((row) => {
      const [regions = '', grams = ''] = row.trim().split(/\s+(?=\d+$)/);
      const [first = '', ...rest] = regions.split('/');
      // us-west-1/2 is us-west-1 and us-west-2; cn is all of China.
      const names = [first, ...rest.map((digit) => first.replace(/\d+$/, digit))];
      return names.map((name) => [name === 'cn' ? 'cn-north-1' : name, Number(grams)] as const);
    });
    expect(rows.length).toBeGreaterThan(20);
    for (const [region, grams] of rows)
      expect(Math.abs(regionIntensity(`aws:${region}`).gramsPerKilowattHour - grams), region).toBeLessThan(1);
  });

  it('has no grid that no region stands in', () => {
    const used = new Set(REGION_INTENSITIES.map(({ gramsPerKilowattHour }) => gramsPerKilowattHour));
    for (const [name, { gramsPerKilowattHour }] of Object.entries(GRIDS))
      expect(used.has(gramsPerKilowattHour), name).toBe(true);
  });
});
