import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import { type GridAnswer, GridServer } from '../../../meter/testing/grid-server.js';
import { settingsSchema } from '../../../model/index.js';
import { type CarbonSource, openCarbon } from './carbon-source.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const NOW = Date.parse('2026-05-01T12:00:00Z') / 1000;

function opened(carbon: object, clock = new ManualClock(0, NOW)): CarbonSource {
  const said: string[] = [];
  const log = { ...silentLogger, warn: (text: string) => said.push(text) };
  const source = openCarbon(createHost({ clock, log, env: {} }), settingsSchema.parse({ carbon }).carbon);
  ends.push(() => source.close());
  return source;
}

/** Lets a request over real HTTP come back: until this holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

async function electricityMaps(answer: (count: number) => GridAnswer) {
  const server = new GridServer((_, count) => answer(count));
  const url = await server.start();
  ends.push(() => server.stop());
  return { server, settings: { electricity_maps: { token: 'secret', zone: 'DE', url } } };
}

const figure = (gramsPerKilowattHour: number, at: number): GridAnswer => ({
  body: {
    zone: 'DE',
    carbonIntensity: gramsPerKilowattHour,
    datetime: new Date(at * 1000).toISOString(),
    emissionFactorType: 'lifecycle',
    isEstimated: false,
  },
});

describe('what the account counts carbon with', () => {
  it('is what the settings say, the building and the machine included', () => {
    const source = opened({
      intensity_g_per_kwh: 250,
      pue: 1.2,
      embodied: { kilograms: 1_000, lifetime_years: 4, share: 0.5 },
    });
    expect(source.now()).toEqual({
      gramsPerKilowattHour: 250,
      origin: 'as given',
      pue: 1.2,
      embodiedGramsPerSecond: 500_000 / (4 * 365 * 24 * 3_600),
    });
    expect(opened({}).now()).toMatchObject({ gramsPerKilowattHour: 473, embodiedGramsPerSecond: undefined });
  });

  it('refuses settings that make no sense at once', () => {
    expect(() => opened({ region: 'nowhere' })).toThrow('nowhere');
    expect(() => opened({ series_file: '/not/there.csv' })).toThrow('/not/there.csv');
    expect(() => opened({ electricity_maps: { token: 'secret' } })).toThrow('zone');
  });

  it('is what a series says of now, and the constant beyond it', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'series-')), 'grid.csv');
    writeFileSync(file, 'datetime,g_per_kwh\n2026-05-01T11:00:00Z,100\n2026-05-01T12:00:00Z,200\n');
    const clock = new ManualClock(0, NOW - 1_800);
    const source = opened({ series_file: file, intensity_g_per_kwh: 400 }, clock);
    expect(source.now().gramsPerKilowattHour).toBe(100);
    clock.advance(3_600);
    expect(source.now().gramsPerKilowattHour).toBe(200);
    clock.advance(3_600);
    expect(source.now()).toMatchObject({
      gramsPerKilowattHour: 400,
      origin: 'as given; carbon.series_file says nothing of now',
    });
  });

  it('is what a service says, asked again when that ceases to hold', async () => {
    const { server, settings } = await electricityMaps((count) =>
      figure(100 * count, NOW + 3_600 * (count - 1)),
    );
    const clock = new ManualClock(0, NOW);
    const source = opened({ ...settings, intensity_g_per_kwh: 400 }, clock);
    expect(source.now()).toMatchObject({ gramsPerKilowattHour: 400 });
    await until(() => source.now().gramsPerKilowattHour === 100);
    expect(source.now().origin).toContain('DE');
    clock.advance(1_800);
    expect(server.requests).toHaveLength(1);
    clock.advance(1_801);
    await until(() => source.now().gramsPerKilowattHour === 200);
  });

  it('goes on with the last figure for a while when the service fails, then with the constant, and says so', async () => {
    const { server, settings } = await electricityMaps((count) =>
      count === 1 ? figure(100, NOW) : { status: 401, body: { message: 'no more' } },
    );
    const clock = new ManualClock(0, NOW);
    const source = opened({ ...settings, intensity_g_per_kwh: 400 }, clock);
    await until(() => source.now().gramsPerKilowattHour === 100);
    clock.advance(3_601);
    await until(() => server.requests.length >= 2);
    expect(source.now().gramsPerKilowattHour).toBe(100);
    clock.advance(7_200);
    await until(() => source.now().origin.includes('no more'));
    expect(source.now().gramsPerKilowattHour).toBe(400);
  });
});
