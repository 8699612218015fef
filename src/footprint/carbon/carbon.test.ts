import { describe, expect, it } from 'vitest';
import { RateSeries } from '../rate/rate-series.js';
import { chooseIntensity } from './choose-intensity.js';
import { chooseServer } from './choose-server.js';
import { embodiedGrams, estimateServerKilograms, resourceShare } from './embodied.js';
import { operationalGrams, operationalOfTicks } from './operational.js';
import { PUE_TABLE, pueOf } from './pue.js';
import { softwareCarbonIntensity } from './sci.js';
import { SERVERS, serverById } from './servers.js';

describe('operational carbon', () => {
  it('is energy times intensity times PUE', () => {
    expect(operationalGrams(3.6e6, 386)).toBeCloseTo(386, 9);
    expect(operationalGrams(3.6e6, 386, 1.5)).toBeCloseTo(579, 9);
    expect(() => operationalGrams(1, 1, 0.9)).toThrow('a PUE of 0.9');
  });

  it('charges the joules of each tick at its own intensity', () => {
    const day = new RateSeries({ t: [0, 10], perKilowattHour: [100, 500] }, 10);
    const busyWhenClean = operationalOfTicks(Float64Array.of(3.6e6, 0), day.ticks(0, 10, 2), 1.2);
    const busyWhenDirty = operationalOfTicks(Float64Array.of(0, 3.6e6), day.ticks(0, 10, 2), 1.2);
    expect(busyWhenClean).toMatchObject({ unratedJoules: 0, meanGramsPerKilowattHour: 100 });
    expect(busyWhenClean.grams).toBeCloseTo(120, 9);
    expect(busyWhenDirty.grams).toBeCloseTo(600, 9);
  });

  it('says how much energy has no intensity', () => {
    const short = new RateSeries({ t: [0, 5], perKilowattHour: [100, 100] });
    const carbon = operationalOfTicks(Float64Array.of(7, 9), short.ticks(5, 10, 2));
    expect(carbon.unratedJoules).toBeCloseTo(3.5 + 9, 9);
    expect(operationalOfTicks(Float64Array.of(9), short.ticks(90, 1, 1))).toEqual({
      grams: 0,
      unratedJoules: 9,
    });
  });
});

describe('embodied carbon', () => {
  it('is a share of the lifetime and of the machine', () => {
    // The standard's own example: 1,000 kg, four years, one hour.
    expect(embodiedGrams({ kilograms: 1000, lifetimeYears: 4 }, 3600)).toBeCloseTo(28.54, 2);
    expect(embodiedGrams({ kilograms: 1000, lifetimeYears: 4 }, 3600, 0.25)).toBeCloseTo(7.13, 2);
    expect(resourceShare(2, 96)).toBeCloseTo(0.0208, 4);
    expect(resourceShare(200, 96)).toBe(1);
    expect(() => embodiedGrams({ kilograms: 1, lifetimeYears: 0 }, 1)).toThrow('over 0 years');
    expect(() => embodiedGrams({ kilograms: 1, lifetimeYears: 1 }, 1, 1.1)).toThrow('a share of 1.1');
  });

  it('has a source and sane figures in every row', () => {
    expect(new Set(SERVERS.map(({ id }) => id)).size).toBe(SERVERS.length);
    for (const { id, kilograms, lifetimeYears, source } of SERVERS) {
      expect(kilograms, id).toBeGreaterThan(100);
      expect(kilograms, id).toBeLessThan(40_000);
      expect(lifetimeYears, id).toBeGreaterThanOrEqual(3);
      expect(source.url, id).toMatch(/^https:\/\//);
    }
  });

  it('finds a server by its id, a family or a type of instance', () => {
    expect(serverById('desktop')).toMatchObject({ kilograms: 175, lifetimeYears: 5 });
    expect(serverById('server').kilograms).toBe(471);
    expect(serverById('rack-server')).toMatchObject({ kilograms: 1000, lifetimeYears: 4 });
    expect(serverById('aws:m5.4xlarge')).toBe(serverById('M5'));
    expect(() => serverById('desktob')).toThrow('no embodied emissions are known for the server "desktob"');
  });

  it('estimates a server from its parts', () => {
    expect(estimateServerKilograms()).toBe(1000);
    expect(estimateServerKilograms({ sockets: 2, memoryGib: 384, ssds: 2, gpus: 8 })).toBeCloseTo(3010.8, 1);
  });
});

describe('PUE', () => {
  it('has a source in every row, and is never below 1', () => {
    for (const { provider, pue, source } of PUE_TABLE) {
      expect(pue, provider).toBeGreaterThan(1);
      expect(pue, provider).toBeLessThan(2);
      expect(source.url, provider).toMatch(/^https:\/\//);
    }
    expect(pueOf('AWS')?.pue).toBe(1.15);
    expect(pueOf('nowhere')).toBeUndefined();
  });
});

describe('Software Carbon Intensity', () => {
  const server = { kilograms: 1000, lifetimeYears: 4 };

  it('is ((E × I) + M) per R', () => {
    const sci = softwareCarbonIntensity({
      joules: 3.6e6,
      pue: 1.25,
      gramsPerKilowattHour: 400,
      invocations: 1000,
      embodied: { server, secondsReserved: 3600, resourcesReserved: 8, resourcesTotal: 32 },
    });
    expect(sci?.operationalGrams).toBeCloseTo(0.5, 9);
    expect(sci?.embodiedGrams).toBeCloseTo((28.5388 * 0.25) / 1000, 6);
    expect(sci?.grams).toBeCloseTo(0.507135, 5);
  });

  it('is no rate without an invocation, and leaves out what is not known of the making', () => {
    const terms = { joules: 3600, pue: 1, gramsPerKilowattHour: 100 };
    expect(softwareCarbonIntensity({ ...terms, invocations: 0 })).toBeUndefined();
    const sci = softwareCarbonIntensity({ ...terms, invocations: 1 });
    expect(sci).toEqual({ operationalGrams: 0.1, grams: 0.1 });
  });

  it('falls with less energy, less hardware and cleaner electricity', () => {
    const grams = (joules: number, intensity: number, cores: number): number =>
      softwareCarbonIntensity({
        joules,
        pue: 1.1,
        gramsPerKilowattHour: intensity,
        invocations: 7,
        embodied: { server, secondsReserved: 100, resourcesReserved: cores, resourcesTotal: 96 },
      })?.grams ?? Number.NaN;
    const before = grams(1000, 300, 4);
    for (const after of [grams(900, 300, 4), grams(1000, 200, 4), grams(1000, 300, 3)])
      expect(after).toBeLessThan(before);
  });
});

describe('the server in force', () => {
  it('is the row of the table, or what is given instead', () => {
    expect(chooseServer({})).toBeUndefined();
    expect(chooseServer({ server: 'desktop' })).toEqual({ kilograms: 175, lifetimeYears: 5 });
    expect(chooseServer({ server: 'desktop', lifetime_years: 8 })).toEqual({
      kilograms: 175,
      lifetimeYears: 8,
    });
    expect(chooseServer({ kilograms: 900, lifetime_years: 6 })).toEqual({ kilograms: 900, lifetimeYears: 6 });
    expect(() => chooseServer({ kilograms: 900 })).toThrow('carbon.embodied.lifetime_years is not set');
    expect(() => chooseServer({ lifetime_years: 4 })).toThrow('carbon.embodied.kilograms is not set');
  });
});

describe('the intensity in force', () => {
  it('is the number given, else that of the region, else the mean of the world', () => {
    expect(chooseIntensity({ intensity_g_per_kwh: 12, region: 'DE' })).toEqual({
      gramsPerKilowattHour: 12,
      origin: 'as given',
    });
    expect(chooseIntensity({ region: 'FR' })).toMatchObject({
      gramsPerKilowattHour: 44.18,
      origin: expect.stringMatching(/^mean of France, 2024 \(Ember/),
    });
    expect(chooseIntensity({}).gramsPerKilowattHour).toBe(473);
  });
});
