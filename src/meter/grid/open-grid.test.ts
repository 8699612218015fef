import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { settingsSchema } from '../../model/index.js';
import { openGrid } from './open-grid.js';

const open = (carbon: unknown) =>
  openGrid(settingsSchema.parse({ carbon }).carbon, { clock: new ManualClock(), fetch });

describe('the source of carbon intensity', () => {
  it('is none where the settings name none', () => {
    expect(open({})).toBeUndefined();
    expect(open({ region: 'DE' })).toBeUndefined();
  });

  it('is the one that is set, and Electricity Maps of two', () => {
    const maps = { token: 't', zone: 'DE' };
    const watttime = { user: 'u', password: 'p', region: 'DE' };
    expect(open({ electricity_maps: maps })?.name).toBe('Electricity Maps');
    expect(open({ watttime })?.name).toBe('WattTime');
    expect(open({ electricity_maps: maps, watttime })?.name).toBe('Electricity Maps');
  });

  it.each([
    [{ electricity_maps: { token: 't' } }, 'carbon.electricity_maps.zone is not set, though its token is'],
    [{ electricity_maps: { zone: 'DE' } }, 'carbon.electricity_maps.token is not set, though its zone is'],
    [{ watttime: { user: 'u', region: 'DE' } }, 'carbon.watttime.password is not set, though its user is'],
    [{ watttime: { user: 'u', password: 'p' } }, 'carbon.watttime.region is not set, though its user is'],
  ])('says what is missing of %j', (carbon, message) => {
    expect(() => open(carbon)).toThrow(message);
  });

  it('reads secrets from files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'wattloop-grid-')), 'token');
    writeFileSync(file, 'abc\nnot this\n');
    expect(open({ electricity_maps: { token_file: file, zone: 'DE' } })?.name).toBe('Electricity Maps');
    expect(() => open({ electricity_maps: { token_file: `${file}.gone`, zone: 'DE' } })).toThrow(
      'carbon.electricity_maps.token_file: ENOENT',
    );
  });
});
