import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../footprint/index.js';
import { anyAccount } from '../../footprint/testing/any-account.js';
import { exampleAccount } from '../../footprint/testing/example-account.js';
import { accountText } from './account.js';
import { cellWidth } from './printable.js';

const rowOf = (text: string, name: string): string =>
  text.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';

describe('accountText', () => {
  it('shows what each function took, and how far that can be trusted', () => {
    const text = accountText(exampleAccount());
    expect(rowOf(text, 'video-encode')).toMatch(/245 ± 7 J +80\.2 J +475 mJ +19\.4 J +265 J +211 ± 12 J$/);
    expect(rowOf(text.slice(text.indexOf('INVOCATIONS')), 'video-encode')).toMatch(
      /72 +7\.50 s .* mg .* kJ +29\.7 %$/,
    );
  });

  it('shows the whole and its parts, lag, idle and fit', () => {
    const text = accountText(exampleAccount());
    expect(text).toMatch(/^Measured +64\.2 kJ, 107 W on average$/m);
    expect(text).toMatch(/individual 53\.5 kJ \(83\.3 %\) of which floor 22\.3 kJ, control plane 1\.74 kJ/);
    expect(text).toMatch(/^Lag +power is logged 11\.2 ± 0\.2 s early/m);
    expect(text).toMatch(/^Idle power +14\.0 ± 0\.3 W, measured: median/m);
    expect(text).toMatch(/^R² +0\.964/m);
  });

  it('shows the naive score beside the own', () => {
    expect(accountText(exampleAccount())).toMatch(/^cosine similarity +0\.9920 +0\.9850$/m);
  });

  it('says what is absent and why, and what can be told of a group', () => {
    const text = accountText(exampleAccount());
    expect(rowOf(text, 'thumbnail')).toMatch(/ -$/);
    expect(text).toContain('- thumbnail: always runs together with image-resize');
    expect(text).toMatch(/can't be told apart: image-resize, thumbnail: together 10\.6 ± 0\.2 kJ/);
    const { lagSeconds, ...rest } = exampleAccount();
    const account: Account = {
      ...rest,
      provenance: {
        lag_s: { provenance: 'modelled', method: 'correlation', reason: 'the power never moves' },
      },
    };
    expect(lagSeconds).toBeDefined();
    expect(accountText(account)).toMatch(/^Lag +not known: the power never moves$/m);
  });

  it('says of a control plane that is not told apart that it is not, and not that it took nothing', () => {
    const account = exampleAccount();
    const text = accountText({
      ...account,
      shares: { ...account.shares, controlPlaneJoules: 0 },
      provenance: {
        control_plane_j: { provenance: 'modelled', method: 'by invocations', reason: 'no usage' },
      },
    });
    expect(text).toContain('control plane not told apart');
    expect(text).toContain('- control plane: no usage');
    expect(rowOf(text, 'aes')).toMatch(/ - +\d+ mJ /);
  });

  it('lists the first by what is asked for, and says how many there are', () => {
    const text = accountText(exampleAccount({ functions: 40 }), { sort: 'name', top: 2 });
    const [, first, second] = text.slice(text.indexOf('PER INVOCATION')).split('\n');
    expect([first?.split(' ')[0], second?.split(' ')[0]]).toEqual(['aes', 'aes-2']);
    expect(text).toContain('38 more functions (--top 40 lists all)');
  });

  it('shortens long names so that they can be told apart', () => {
    const long = 'a-team-with-a-long-name/a-service-with-a-longer-one/resize-';
    const text = accountText(exampleAccount({ names: [`${long}1`, `${long}2`] }));
    expect(text).toMatch(/^a-team\S*…\S*1 /m);
    expect(text).toMatch(/^a-team\S*…\S*2 /m);
  });

  it('fits the width with every figure, and moves no cursor', () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const text = accountText(account);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        const figures = text.split('\n').filter((line) => !line.startsWith('- ') && !line.startsWith('  '));
        for (const line of figures) expect(cellWidth(line), line).toBeLessThanOrEqual(100);
      }),
    );
  });
});
