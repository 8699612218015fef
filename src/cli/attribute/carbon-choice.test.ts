import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import { carbonChoice } from './carbon-choice.js';

const settings = (carbon: object = {}) => settingsSchema.parse({ carbon }).carbon;
const TRACE = { carbonGramsPerKilowattHour: 386, embodiedKilograms: 471, lifetimeYears: 5, cores: 96 };

describe('carbonChoice', () => {
  it('takes the grid from the command line, else the trace, else the settings, else the world', () => {
    const set = settings({ intensity_g_per_kwh: 100 });
    const grams = (...args: Parameters<typeof carbonChoice>) =>
      carbonChoice(...args).options.gramsPerKilowattHour;
    expect(grams({ carbonIntensity: 20, region: 'eu-north-1' }, set, TRACE)).toBe(20);
    expect(grams({ region: 'eu-north-1' }, set, TRACE)).not.toBe(386);
    expect(grams({}, set, TRACE)).toBeUndefined();
    expect(grams({}, set, {})).toBe(100);
    expect(grams({}, settings(), {})).toBe(473);
    expect(carbonChoice({}, settings(), TRACE).intensityOrigin).toBeUndefined();
  });

  it('takes the machine likewise, and fills up what one of them leaves out', () => {
    const server = (...args: Parameters<typeof carbonChoice>) => carbonChoice(...args).options.server;
    expect(server({ embodied: 1000, lifetime: 4 }, settings(), TRACE)).toEqual({
      kilograms: 1000,
      lifetimeYears: 4,
    });
    expect(server({ lifetime: 4 }, settings(), TRACE)).toEqual({ kilograms: 471, lifetimeYears: 4 });
    expect(server({ server: 'desktop' }, settings(), TRACE)).toMatchObject({
      kilograms: 175,
      lifetimeYears: 5,
    });
    expect(server({}, settings({ embodied: { server: 'desktop' } }), {})).toMatchObject({ kilograms: 175 });
    expect(server({}, settings({ embodied: { server: 'desktop', share: 0.5 } }), {})).toMatchObject({
      kilograms: 87.5,
    });
    expect(server({}, settings(), {})).toBeUndefined();
  });

  it('says so when the trace tells half of it, and refuses half of it on the command line', () => {
    const { options, findings } = carbonChoice({}, settings(), { embodiedKilograms: 471 });
    expect(options.server).toBeUndefined();
    expect(findings).toMatchObject([{ code: 'embodied-incomplete' }]);
    expect(() => carbonChoice({ embodied: 471 }, settings(), {})).toThrow(
      '--embodied is given without --lifetime',
    );
    expect(() => carbonChoice({ lifetime: 5 }, settings(), {})).toThrow(
      '--lifetime is given without --embodied',
    );
  });

  it('refuses places and machines that no table has as bad usage', () => {
    const usage = (message: string) =>
      expect.objectContaining({ code: 'bad_usage', message: expect.stringContaining(message) });
    expect(() => carbonChoice({ region: 'atlantis' }, settings(), {})).toThrow(usage('--region: '));
    expect(() => carbonChoice({ server: 'abacus' }, settings(), {})).toThrow(usage('--server: '));
  });
});
