import { describe, expect, it } from 'vitest';
import { unavailable, unusable } from './source.js';
import { tdp } from './sources/tdp.js';
import { fixtureHost } from './testing/tree.js';

describe('unavailable', () => {
  it('names the source, why it can not be opened, and what would mend it', () => {
    const why = unusable('no meter is set', 'Set one');
    if (why.usable) throw new Error('it should not be usable');
    expect(unavailable('scpi', why)).toMatchObject({
      code: 'source_unavailable',
      message: 'scpi: no meter is set',
      remedy: 'Set one',
    });
  });

  it('is what a source says when it is opened where it does not work', async () => {
    await expect(tdp(fixtureHost({}), {}).open()).rejects.toMatchObject({
      code: 'source_unavailable',
      message: expect.stringMatching(/^tdp: .*stat does not tell how busy/),
      remedy: expect.stringContaining('Mount procfs'),
    });
  });
});
