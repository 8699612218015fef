import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runMarkdown } from '../markdown/run-report.js';
import { exampleRun } from '../testing/example-run.js';
import { chosenRows } from './run/chosen-rows.js';
import { concurrency } from './run/concurrency.js';
import { runReport } from './run-report.js';

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

const words = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const WICKED = ['</title><script>alert(1)</script>', '" onload="alert(1)', '\u202eabc', '__proto__'];

describe('runReport', () => {
  it('shows what the run took, where, and what is not known', () => {
    const text = words(runReport(exampleRun()));
    for (const phrase of [
      'video done run r-1, 2025-11-21 14:00:00 UTC',
      'rapl, measured',
      '41 invocations, 3 failed, 3 retries',
      '24 × 1 CPU, 1.73 GiB',
      'out of memory',
      'RangeError: frame 17 is &lt;empty&gt; &amp; &quot;odd&quot;',
      'Xeon(R) Gold 6226',
      'heap: no right to make control groups',
      'the kernel has no power PMU here',
      '212 MiB were needed',
      'cheapest',
      '&quot;cat&quot;: 120',
      '&quot;clip&quot;: &quot;clip.mp4&quot;',
      'all stages: 2 CPU; frames: 24 workers, 512.0 MiB',
      'Wattloop 1.2.3',
    ])
      expect(text).toContain(phrase);
  });

  it('says why figures are absent, and never 0 for them', () => {
    const data = exampleRun();
    const bare = ({
      joules: _,
      source: __,
      provenance: ___,
      carbonGrams: ____,
      costUsd: _____,
      ...rest
    }: (typeof data.run.stages)[number]) => rest;
    const { totals } = data.run;
    if (totals === undefined) throw new Error('the example has totals');
    const {
      name: _,
      configuration: __,
      ...sums
    } = bare({ ...totals, name: '', configuration: { cpu: 1, memoryMib: 1, workers: 1 } });
    const run = { ...data.run, stages: data.run.stages.map(bare), totals: sums };
    const { power: _power, lambda: _lambda, ...rest } = data;
    const html = runReport({
      ...rest,
      run,
      invocations: data.invocations.map((each) => ({ ...each, energies: [] })),
    });
    const text = words(html);
    expect(text).toContain('energy - no source of energy works there');
    expect(text).toContain('cost - no prices for this');
    expect(text).not.toMatch(/NaN|Infinity|undefined|On AWS|Power over time| 0 J/);
    elements(html);
  });

  it('loads nothing and runs nothing', () => {
    const html = runReport(exampleRun());
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/https?:|<script|<link|<img|<iframe| src=| href=|url\(|@import| on\w+=/i);
  });

  it('takes no harm from names and messages', () => {
    const html = runReport(exampleRun({ names: WICKED, message: '</pre><img src=x onerror=alert(1)>' }));
    expect(elements(html)).not.toContain('script');
    expect(elements(html)).not.toContain('img');
    expect(html).not.toContain('" onload');
    expect(html).not.toContain('\u202e');
  });

  it('gives every picture a name, words and a table', () => {
    const html = runReport(exampleRun());
    const pictures = [
      ...html.matchAll(/<svg class="chart"[^>]*aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"/g),
    ];
    expect(pictures.map(([, title]) => title)).toEqual([
      'waterfall-title',
      'concurrency-title',
      'energy-by-stage-title',
      'energy-by-method-title',
      'power-title',
      'durations-title',
    ]);
    for (const [, title, description] of pictures) {
      expect(html).toMatch(new RegExp(`<title id="${title}">[^<]+</title>`));
      expect(html).toMatch(new RegExp(`<desc id="${description}">[^<]+</desc>`));
    }
    expect(html.match(/The picture as a table/g)).toHaveLength(pictures.length);
  });

  it('stays small for many invocations, and says how many it shows', () => {
    const data = exampleRun({ scale: 300 });
    expect(data.invocations.length).toBeGreaterThan(10_000);
    const html = runReport(data);
    expect(html.length).toBeLessThan(400_000);
    expect(words(html)).toMatch(/2\d\d of 1\d{4} invocations, evenly chosen/);
    elements(html);
  });

  it('is a page also of a run that has hardly begun, or failed at once', () => {
    const { run } = exampleRun();
    const { totals: _, result: __, ...begun } = run;
    elements(
      runReport({
        run: { ...begun, status: 'running', stages: [], platforms: [], parameters: {} },
        invocations: [],
      }),
    );
    const failed = runReport({
      run: { ...begun, status: 'failed', error: { name: 'WattloopError', message: 'stage "a" <b>' } },
      invocations: [],
    });
    expect(failed).toContain('stage &quot;a&quot; &lt;b&gt;');
  });
});

describe('what the pictures of a run show', () => {
  it('is of each stage, in proportion, what went wrong included', () => {
    const { run, invocations } = exampleRun({ scale: 100 });
    const chosen = chosenRows(run, invocations, 240);
    const all = chosen.flatMap((stage) => stage.invocations);
    expect(all.length).toBeLessThanOrEqual(242);
    expect(new Set(all).size).toBe(all.length);
    expect(chosen.map(({ stage }) => stage)).toEqual(run.stages.map(({ name }) => name));
    for (const { invocations: some } of chosen.slice(1, 3))
      expect(some.some(({ status }) => status !== 'done')).toBe(true);
  });

  it('is all of few', () => {
    const { run, invocations } = exampleRun();
    const shown = chosenRows(run, invocations, 240).flatMap((stage) => stage.invocations);
    expect(new Set(shown)).toEqual(new Set(invocations));
  });

  it('is in sum the time that invocations took', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (scale) => {
        const { invocations } = exampleRun({ scale });
        const { edges, layers } = concurrency(invocations);
        const width = (edges[1] ?? 0) - (edges[0] ?? 0);
        const drawn = layers.reduce(
          (sum, layer) => sum + layer.reduce((all, value) => all + value * width, 0),
          0,
        );
        const spent = invocations.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
        expect(drawn).toBeCloseTo(spent, 4);
      }),
      { numRuns: 12 },
    );
  });
});

describe('runMarkdown', () => {
  it('has the stages, what went wrong, where, and the best of Lambda', () => {
    const text = runMarkdown(exampleRun());
    expect(text).toMatch(/^# video\n\nRun `r-1`, done, 2025-11-21 14:00:00 UTC\.\n/);
    expect(text).toMatch(/\| classify \| 24 × 1 CPU, 1\.73 GiB \| 2\d \|/);
    expect(text).toContain('| out of memory |');
    expect(text).toContain('RangeError: frame 17 is \\<empty\\> \\& "odd"');
    expect(text).toContain('| cheapest | 512 MiB, arm64 |');
    expect(text).not.toContain('128 MiB');
    expect(text).toContain('- `ipmi`: /dev/ipmi0 is not there');
  });

  it('has no row that a name breaks', () => {
    const text = runMarkdown(exampleRun({ names: ['a|b', '# c\n|d', '<x>', '`e`'], message: 'x\n\n| y' }));
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    // A bar after an even number of backslashes ends a cell.
    const cells = (row: string): number => row.match(/(?<!\\)(?:\\\\)*\|/g)?.length ?? 0;
    const stages = rows.slice(0, 7);
    expect(new Set(stages.map(cells)).size).toBe(1);
    expect(text).not.toMatch(/^# c/m);
    expect(text).not.toContain('<x>');
  });
});
