import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StageSample } from '../../model/index.js';
import {
  characterisationJson,
  characterisationMarkdown,
  characterisationReport,
  characterisationText,
  comparisonJson,
  comparisonText,
} from '../../report/index.js';
import { type ExampleOptions, exampleSamples } from '../testing/example-samples.js';
import { analyse } from './analyse.js';
import { compareSets } from './compare-sets.js';
import { recommend } from './recommend/recommend.js';

function viewsOf(samples: readonly StageSample[]) {
  const found = analyse(samples);
  const advice = recommend(found);
  return {
    found,
    advice,
    text: characterisationText(found, advice),
    html: characterisationReport(found, advice, { version: '1.2.3' }),
    markdown: characterisationMarkdown(found, advice),
    json: JSON.parse(JSON.stringify(characterisationJson(found, advice))),
  };
}

const VOID = new Set(['meta', 'hr', 'br']);

/** Elements that are opened and closed in order; throws where they are not. */
function elements(html: string): Set<string> {
  const open: string[] = [];
  const seen = new Set<string>();
  for (const [, closing, name = '', , alone] of html
    .replace('<!doctype html>', '')
    .matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else {
      seen.add(name);
      if (alone !== '/' && !VOID.has(name)) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return seen;
}

const sound = (html: string): void => {
  elements(html);
  expect(html).not.toMatch(/ (x|y|x1|x2|y1|y2|cx|cy|width|height|d)="[^"]*(NaN|Infinity|undefined|e[+-]?\d)/);
};

const SMALL: ExampleOptions = { cpu: [1], memoryMib: [512], workers: [1, 2, 4] };

describe('the views of a characterisation', () => {
  const views = viewsOf(exampleSamples(SMALL));

  it('show every stage, its figures, its comparisons and its advice', () => {
    for (const view of [views.text, views.html, views.markdown]) {
      for (const stage of ['split', 'encode', 'merge']) expect(view.toLowerCase()).toContain(stage);
      for (const { advice } of views.advice)
        expect(view.replace(/\s+/g, ' ').replaceAll('&#39;', "'")).toContain(advice);
    }
    expect(views.text).toMatch(/^ +4 +1 +512 +5 +[\d.]+ ± [\d.]+ s +[\d.]+ % +[\d.]+ ± [\d.]+ J/m);
    expect(views.text).toMatch(/^workers +1 worker +4 workers +[\d.]+ +4\.00 +\d+ % \(\d+ % to \d+ %\)$/m);
  });

  it('fit the width that was asked for, but for tables of figures', () => {
    const lines = characterisationText(views.found, views.advice, { width: 80 }).split('\n');
    for (const line of lines.filter((each) => /^(>| {4}|- )/.test(each) && !/^ +\d/.test(each)))
      expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('give all figures as JSON, null where there are none', () => {
    const { json } = views;
    expect(json.workflow).toBe('video');
    expect(json.stages.map(({ stage }: { stage: string | null }) => stage)).toEqual([
      null,
      'split',
      'encode',
      'merge',
    ]);
    const [one] = json.stages[2].configurations;
    expect(one.configuration).toEqual({ workers: 1, cpu: 1, memory_mib: 512 });
    expect(one.wall_seconds.observations).toHaveLength(5);
    expect(one.wall_seconds.mean).toBeGreaterThan(10);
    expect(one.methods.map(({ source }: { source: string }) => source)).toEqual(['rapl', 'tdp']);
    const bare = viewsOf(exampleSamples({ ...SMALL, hasEnergy: false, repetitions: 1 })).json;
    expect(bare.stages[0].configurations[0].joules).toBeNull();
    expect(bare.stages[0].configurations[0].wall_seconds.standard_deviation).toBeNull();
  });

  it('draw time and energy, the front, phases and methods, each with words', () => {
    const { html } = views;
    sound(html);
    const pictures = [...html.matchAll(/<svg class="chart"[^>]*aria-labelledby="([\w-]+)"/g)].map(
      ([, id]) => id,
    );
    // Two along workers, two fronts, phases, methods: for three stages; the whole run has no methods.
    expect(pictures).toHaveLength(3 * 6 + 5);
    expect(new Set(pictures).size).toBe(pictures.length);
  });

  it('load nothing, run nothing, and take no harm from names', () => {
    expect(views.html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(views.html).not.toMatch(/https?:|<script|<link|<img|<iframe| src=| href=|url\(|@import| on\w+=/i);
    const name = '</title><script>alert(1)</script>|\n\u001b[2J';
    const evil = viewsOf(
      exampleSamples({ ...SMALL, stages: [{ name, serialSeconds: 1, sharedSeconds: 2 }] }).map((sample) => ({
        ...sample,
        workflow: name,
        run: `"${sample.run}`,
      })),
    );
    expect([...elements(evil.html)]).not.toContain('script');
    expect(evil.text).not.toContain('\u001b');
    expect(evil.markdown).not.toContain('<script');
  });

  it('are whole whatever was measured', () => {
    const options = fc.record({
      workers: fc.constantFrom([1], [1, 2], [1, 3, 64]),
      cpu: fc.constantFrom([1], [0.25, 1]),
      memoryMib: fc.constantFrom([128], [128, 10240]),
      repetitions: fc.integer({ min: 1, max: 4 }),
      warmUps: fc.integer({ min: 0, max: 2 }),
      noise: fc.constantFrom(0, 0.02, 3),
      hasEnergy: fc.boolean(),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(options, (each) => {
        const { html, text, markdown } = viewsOf(exampleSamples(each));
        sound(html);
        for (const view of [text, markdown]) expect(view).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the views of a comparison', () => {
  const a = exampleSamples(SMALL);
  const b = exampleSamples({ ...SMALL, workers: [2, 8], seed: 4 }).map((sample) => ({
    ...sample,
    wallSeconds: sample.wallSeconds * 0.7,
  }));
  const compared = compareSets(a, b, ['x86', 'arm']);

  it('show what changed, how sure that is, and what is not compared', () => {
    const text = comparisonText(compared);
    expect(text).toMatch(/^arm against x86/);
    expect(text).toMatch(
      /^encode, 2 workers, 1 CPU, 512 MiB, n = 5 and 5\ntime +[\d.]+ s +[\d.]+ s +-\d+ % \(-\d+ % to -\d+ %\) +[<\d. ]+ \* .*large/m,
    );
    expect(text).toContain('- encode, 8 workers, 1 CPU, 512 MiB: only arm has it');
    expect(comparisonText(compareSets(a, [], ['x86', 'arm']))).toContain('Nothing can be compared');
  });

  it('are a document for programs', () => {
    const json = JSON.parse(JSON.stringify(comparisonJson(compared)));
    expect(json.labels).toEqual(['x86', 'arm']);
    expect(json.matched[0]).toMatchObject({ stage: null, metric: 'time', significant: true, counts: [5, 5] });
    expect(json.matched[0].ratio.high).toBeLessThan(0.8);
    expect(json.unmatched.length).toBe(compared.unmatched.length);
  });
});
