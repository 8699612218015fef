import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleAccount } from '../src/footprint/testing/example-account.js';
import { accountReport } from '../src/report/index.js';
import { CHROMIUM, Page } from './support/chromium.js';
import { freshFolder } from './support/wattloop.js';

const NAMES = [
  '</script><script>document.title="taken"</script>',
  'a-function-whose-name-takes-more-room-than-any-other-name',
];

describe.skipIf(CHROMIUM === undefined)('the report of an account in a real browser (needs chromium)', () => {
  let page: Page;
  let url: string;

  beforeAll(async () => {
    const file = join(freshFolder(), 'report.html');
    writeFileSync(file, accountReport(exampleAccount({ names: NAMES }), { title: 'example' }));
    url = pathToFileURL(file).href;
    page = await Page.open(CHROMIUM ?? '');
  });

  afterAll(() => page?.close());

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
  ] as const)('fits a window %i wide, %s, and is read without complaint', async (width, scheme) => {
    await page.show(url, width, scheme);
    expect(await page.value('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.value('document.title')).toBe('example: energy account');
    expect(await page.value('document.scripts.length')).toBe(0);
    // Text that the browser could not make part of an element would stand beside them.
    expect(await page.value('document.querySelectorAll("section").length')).toBeGreaterThanOrEqual(7);
    const background = await page.value('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(scheme === 'dark' ? 'rgb(14, 17, 22)' : 'rgb(244, 245, 247)');
    expect(page.complaints).toEqual([]);
    expect(page.requests.filter((request) => request !== url)).toEqual([]);
  });

  it('draws every layer where the eye can see it', async () => {
    await page.show(url, 1280, 'light');
    const boxes = await page.value(
      'Array.from(document.querySelectorAll("svg.chart path, svg.chart rect"), (e) => e.getBoundingClientRect()).filter((b) => b.width > 0 && b.height > 0).length',
    );
    expect(boxes).toBeGreaterThan(25);
    const outside = await page.value(
      `Array.from(document.querySelectorAll("svg.chart"), (svg) => {
        const frame = svg.getBoundingClientRect();
        return Array.from(svg.querySelectorAll("path, rect, text, circle"), (e) => e.getBoundingClientRect())
          .filter((b) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1).map((b) => [svg.querySelector('title').textContent, b.left - frame.left, b.top - frame.top, b.width, b.height].join());
      }).flat()`,
    );
    expect(outside).toEqual([]);
  });

  it('names its pictures, tables and regions to readers of the screen', async () => {
    await page.show(url, 1280, 'light');
    const { nodes } = await page.send('Accessibility.getFullAXTree');
    const named = (nodes as readonly { role?: { value: string }; name?: { value: string } }[]).map(
      ({ role, name }) => `${role?.value}: ${name?.value}`,
    );
    expect(named).toEqual(
      expect.arrayContaining([
        'image: Power over time',
        'image: Where the energy went',
        'image: Energy of one invocation, by function',
        'heading: Energy account',
        'columnheader: marginal',
        'rowheader: json-dump',
      ]),
    );
  });
});
