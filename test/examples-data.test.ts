import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { customerCount, customerOf } from '../examples/analytics/customers.js';
import { type LineItem, lineItemsOf } from '../examples/analytics/line-items.js';
import { orderOf } from '../examples/analytics/orders.js';
import { SCENES } from '../examples/video/scenes.js';
import { freshFolder, wattloop } from './support/wattloop.js';

const EXAMPLES = join(import.meta.dirname, '..', 'examples');
/** Real workers on a machine that others use too. */
const LONG = 120_000;

interface Stage {
  readonly name: string;
  readonly invocations: number;
  readonly work: number | null;
}

interface Ran<Result> {
  readonly result: Result;
  /** Invocations of each stage, and what they counted. */
  readonly stages: Readonly<Record<string, readonly [invocations: number, work: number | null]>>;
}

const workflowOf = (name: string): string => join(EXAMPLES, name, 'workflow.ts');

/** Runs an example as a user does who stands in another folder. */
async function run<Result>(
  name: string,
  parameters: Readonly<Record<string, string | number>>,
  ...more: readonly string[]
): Promise<Ran<Result>> {
  const given = Object.entries(parameters).flatMap(([key, value]) => ['--param', `${key}=${value}`]);
  const { code, stdout, stderr } = await wattloop(['run', workflowOf(name), '--json', ...given, ...more]);
  expect(code, stderr).toBe(0);
  const { stages, result } = JSON.parse(stdout) as { stages: readonly Stage[]; result: Result };
  return {
    result,
    stages: Object.fromEntries(stages.map((stage) => [stage.name, [stage.invocations, stage.work]])),
  };
}

const isThere = (program: string, flag: string): boolean =>
  spawnSync(program, [flag], { stdio: 'ignore' }).status === 0;

/** Environments in which this program alone is missing, as far as a workflow is concerned. */
function withPrograms(...programs: readonly string[]): NodeJS.ProcessEnv {
  const folder = freshFolder();
  for (const program of programs) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' });
    writeFileSync(join(folder, program), `#!/bin/sh\nexec ${stdout.trim()} "$@"\n`, { mode: 0o755 });
  }
  return { ...process.env, PATH: folder };
}

describe('the analytics example', () => {
  interface Report {
    readonly pricing: readonly Readonly<Record<string, unknown>>[];
    readonly top: readonly { readonly order: number; readonly date: string; readonly revenue: number }[];
  }
  const ORDERS = 3_000;
  const SEED = 7;
  const DATE = '1995-03-15';
  const keys = Array.from({ length: ORDERS }, (_, index) => index + 1);
  const items = keys.flatMap((key) => lineItemsOf(key, SEED));
  const discounted = ({ priceCents, discountPercent }: LineItem): number =>
    Math.round((priceCents * (100 - discountPercent)) / 100);

  it('answers as one process does that has all tables in its memory', { timeout: LONG }, async () => {
    const parameters = { orders: ORDERS, seed: SEED, workers: 3 };
    const { result, stages } = await run<Report>('analytics', parameters);

    const shipped = items.filter((item) => item.shipped <= '1998-09-02');
    const names = [...new Set(shipped.map((item) => item.returnFlag + item.status))].sort();
    expect(names).toEqual(['AF', 'NF', 'NO', 'RF']);
    const pricing = names.map((name) => {
      const group = shipped.filter((item) => item.returnFlag + item.status === name);
      const sum = (of: (item: LineItem) => number): number => group.reduce((all, item) => all + of(item), 0);
      const charged = (item: LineItem): number =>
        Math.round((discounted(item) * (100 + item.taxPercent)) / 100);
      return {
        returnFlag: name[0],
        status: name[1],
        items: group.length,
        quantity: sum(({ quantity }) => quantity),
        price: sum(({ priceCents }) => priceCents) / 100,
        discounted: sum(discounted) / 100,
        charged: sum(charged) / 100,
        meanQuantity: expect.closeTo(sum(({ quantity }) => quantity) / group.length, 1),
        meanPrice: expect.closeTo(sum(({ priceCents }) => priceCents) / 100 / group.length, 1),
        meanDiscountPercent: expect.closeTo(sum(({ discountPercent }) => discountPercent) / group.length, 1),
      };
    });
    expect(result.pricing).toEqual(pricing);

    const segments = Array.from({ length: customerCount(ORDERS) }, (_, i) => customerOf(i + 1, SEED).segment);
    const top = keys
      .map((key) => orderOf(key, ORDERS, SEED))
      .filter(({ date, customer }) => date < DATE && segments[customer - 1] === 'BUILDING')
      .map(({ key, date }) => {
        const open = items.filter((item) => item.order === key && item.shipped > DATE);
        return { order: key, date, revenue: open.reduce((sum, item) => sum + discounted(item), 0) / 100 };
      })
      .sort((a, b) => b.revenue - a.revenue)
      .slice(0, 10);
    expect(result.top).toEqual(top);
    expect(top).toHaveLength(10);

    expect(stages).toEqual({
      customers: [1, customerCount(ORDERS)],
      orders: [3, ORDERS],
      items: [3, items.length],
      pricing: [3, items.length],
      'wanted-orders': [3, ORDERS],
      'open-items': [3, items.length],
      join: [3, expect.any(Number)],
      report: [1, expect.any(Number)],
    });
  });

  it('answers the same however many share the work', { timeout: LONG }, async () => {
    const parameters = { orders: 500, seed: 3 };
    const [one, five] = [
      await run('analytics', parameters, '--workers', '1'),
      await run('analytics', parameters, '--workers', '5'),
    ];
    expect(one.stages.join?.[0]).toBe(1);
    expect(five.stages.join?.[0]).toBe(5);
    expect(five.result).toEqual(one.result);
  });

  it('refuses a segment that there is not', async () => {
    const { code, stderr } = await wattloop(['run', workflowOf('analytics'), '--param', 'segment=BOATS']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no segment "BOATS": there are AUTOMOBILE, BUILDING/);
  });
});

const hasPython = isThere('python3', '--version');
describe.skipIf(!hasPython)('the word-count example (needs python3)', () => {
  interface Counted {
    readonly words: number;
    readonly distinct: number;
    readonly top: readonly (readonly [word: string, count: number])[];
  }

  it('counts the words of a text', { timeout: LONG }, async () => {
    const text = 'The sea, the SEA!\r\nA sea isn’t a pond; 7 ponds aren\'t either.\n\nÜber den "Teich".';
    const path = join(freshFolder(), 'text.txt');
    writeFileSync(path, text);
    const { result, stages } = await run<Counted>('word-count', { text: path, top: 3 });
    expect(result).toEqual({
      words: 15,
      distinct: 11,
      top: [
        ['sea', 3],
        ['a', 2],
        ['the', 2],
      ],
    });
    expect(stages).toEqual({ count: [8, 15], sum: [2, expect.any(Number)], top: [1, 11] });
  });

  it('makes its text: the same one each time, by Zipf’s law', { timeout: LONG }, async () => {
    const words = 30_000;
    const { result, stages } = await run<Counted>('word-count', { words, top: 4 });
    const file = join(EXAMPLES, 'word-count', 'made', `${words}-words-1.txt`);
    const counts = new Map<string, number>();
    for (const word of readFileSync(file, 'utf8')
      .toLowerCase()
      .match(/[a-z']+/g) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
    const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    expect(result).toEqual({ words, distinct: counts.size, top: sorted.slice(0, 4) });
    expect(stages.count).toEqual([8, words]);
    const [first = 0, second = 0, third = 0] = result.top.map(([, count]) => count);
    expect(first / second).toBeCloseTo(2, 0);
    expect(first / third).toBeCloseTo(3, 0);
  });
});

it('the word-count example says what is missing where there is no Python', { timeout: LONG }, async () => {
  const options = { env: withPrograms('sh') };
  const { code, stderr } = await wattloop(
    ['run', workflowOf('word-count'), '--param', 'words=100', '--no-check'],
    options,
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/stage "count": command not found: python3/);
});

const hasFfmpeg = isThere('ffmpeg', '-version');
describe.skipIf(!hasFfmpeg)('the video example (needs ffmpeg)', () => {
  interface Report {
    readonly frames: number;
    readonly contrast: { readonly before: number; readonly after: number };
    readonly accuracy: number;
    readonly scenes: readonly { readonly scene: string; readonly frames: number }[];
  }
  const small = { seconds: 9, width: 160, height: 90, workers: 2 };

  it('knows the scenes of its clip again when the light stays', { timeout: LONG }, async () => {
    const { result, stages } = await run<Report>('video', { ...small, light: 0, chunkSeconds: 2 });
    expect(result.frames).toBe(90);
    expect(result.accuracy).toBeGreaterThan(0.95);
    expect(result.contrast.after).toBeGreaterThan(1.5 * result.contrast.before);
    expect(result.scenes.reduce((sum, { frames }) => sum + frames, 0)).toBe(90);
    expect(stages).toEqual({
      film: [1, 90],
      // Nine seconds in chunks of two are five.
      split: [1, 5],
      frames: [2, 90],
      sharpen: [2, 90],
      learn: [1, SCENES.length],
      classify: [2, 90],
      report: [1, 90],
    });
  });

  it('is wrong more often when the light changes much', { timeout: LONG }, async () => {
    const { result } = await run<Report>('video', { ...small, light: 100, chunkSeconds: 3 });
    expect(result.frames).toBe(90);
    expect(result.accuracy).toBeLessThan(0.95);
  });
});

it('the video example says what is missing where there is no ffmpeg', { timeout: LONG }, async () => {
  const options = { env: withPrograms('sh') };
  const { code, stderr } = await wattloop(['run', workflowOf('video'), '--no-check'], options);
  expect(code).toBe(1);
  expect(stderr).toMatch(/there is no ffmpeg here; on Debian: apt-get install ffmpeg/);
});
