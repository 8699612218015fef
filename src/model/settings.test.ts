import { describe, expect, it } from 'vitest';
import { environmentName, settingPaths } from '../base/index.js';
import { settingsSchema } from './settings.js';

describe('settingsSchema', () => {
  it('can be left out as a whole', () => {
    expect(settingsSchema.parse({})).toMatchObject({ sysfs: '/sys', meter: { interval_seconds: 0.1 } });
  });

  it('gives every setting a name of its own in the environment', () => {
    const settings = settingPaths(settingsSchema);
    const names = settings.map(({ path }) => environmentName(path));
    expect(new Set(names).size).toBe(names.length);
  });
});
