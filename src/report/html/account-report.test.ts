import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyAccount } from '../../footprint/testing/any-account.js';
import { exampleAccount } from '../../footprint/testing/example-account.js';
import { accountReport } from './account-report.js';

const VOID = new Set(['meta', 'hr', 'br']);

/** Elements that are opened and closed in order; throws where they are not. */
function elements(html: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, closing, name = '', , alone] of html
    .replace('<!doctype html>', '')
    .matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else {
      seen.push(name);
      if (alone !== '/' && !VOID.has(name)) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return seen;
}

/** What a reader sees and hears, without the elements. */
const words = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe('accountReport', () => {
  it('shows the whole account', () => {
    const text = words(accountReport(exampleAccount(), { title: 'traces/desktop', version: '1.2.3' }));
    for (const phrase of [
      'traces/desktop',
      'Wattloop 1.2.3',
      'ml-inference',
      'power is logged 11.2 ± 0.2 s early',
      '14.0 ± 0.3 W',
      '0.9920 0.9850',
      'always runs together with image-resize',
      ' 39 of 600 rows of power.csv are blank',
      'server table over its lifetime',
      '100.0 %',
    ])
      expect(text).toContain(phrase);
  });

  it('loads nothing and runs nothing', () => {
    const html = accountReport(exampleAccount(), { title: 'x' });
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/https?:|<script|<link|<img|<iframe| src=| href=|url\(|@import| on\w+=/i);
  });

  it('takes no harm from names', () => {
    const names = [
      '</title></style><script>alert(1)</script>',
      '" onload="alert(1)',
      '&amp;',
      '\u202eabc',
      '__proto__',
    ];
    const html = accountReport(exampleAccount({ names }), { title: '<b>' });
    expect(elements(html)).not.toContain('script');
    expect(html).not.toContain('" onload');
    expect(html).not.toContain('\u202e');
    expect(html).toContain('&amp;amp;');
  });

  it('gives every picture a name, words and a table', () => {
    const html = accountReport(exampleAccount(), { title: 'x' });
    const pictures = [
      ...html.matchAll(/<svg class="chart"[^>]*aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"/g),
    ];
    expect(pictures).toHaveLength(3);
    for (const [, title, description] of pictures) {
      expect(html).toMatch(new RegExp(`<title id="${title}">[^<]+</title>`));
      expect(html).toMatch(new RegExp(`<desc id="${description}">[^<]+</desc>`));
    }
    expect(html.match(/The picture as a table/g)).toHaveLength(2);
  });

  it('shows what a second trace says, and what totals leave out', () => {
    const estimate = { value: 200, standardError: 15, low: 172, high: 229 };
    const account = exampleAccount();
    const options = {
      title: 'x',
      kind: 'individual',
      pair: {
        windowSeconds: 600,
        tickSeconds: 1,
        knownSeconds: 590,
        withJoules: 2000,
        withoutJoules: 1800,
        difference: estimate,
        confidence: 0.95,
        blockSeconds: 4,
        leftOut: [{ name: 'aes', invocationsWith: 1, invocationsWithout: 0 }],
        others: [],
        isMarginal: true,
        invocations: 1,
        joulesPerInvocation: estimate,
        findings: [{ code: 'gap', message: 'filled with the mean' }],
      },
    } as const;
    const html = accountReport(account, options);
    const text = words(html);
    expect(text).toContain('of one invocation 200 ± 15 J (172 J to 229 J with 95 % confidence)');
    expect(text).toContain('note filled with the mean');
    expect(text).toContain('without the control plane, idle.');
    const bars = (page: string): number => page.match(/: share of idle /g)?.length ?? 0;
    expect(bars(html)).toBe(0);
    expect(bars(accountReport(account, { title: 'x' }))).toBe(6);
  });

  it('draws thousands of functions and ticks in a page that a browser bears', () => {
    const html = accountReport(exampleAccount({ functions: 60, ticks: 5000 }), { title: 'x' });
    expect(words(html)).toContain('48 other functions');
    expect(html.length).toBeLessThan(400_000);
  });

  it('is whole and says no nonsense, whatever the account', () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const html = accountReport(account, { title: 'x' });
        elements(html);
        // Names may say what they like; coordinates may not.
        expect(html).not.toMatch(
          / (x|y|x1|x2|y1|y2|cx|cy|width|height|d)="[^"]*(NaN|Infinity|undefined|e[+-]?\d)/,
        );
      }),
    );
  });
});
