import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, wattloop } from './support/wattloop.js';

const EXAMPLES = join(import.meta.dirname, '..', 'examples');
/** Real workers on a machine that others use too. */
const LONG = 120_000;

interface Stage {
  readonly name: string;
  readonly invocations: number;
  readonly work: number | null;
}

interface Outcome {
  readonly result: unknown;
  /** Stages with their invocations. */
  readonly shape: readonly (readonly [string, number])[];
  /** What the stages counted. */
  readonly work: Readonly<Record<string, number | null>>;
}

/** Runs an example as a user does who stands in another folder. */
async function run(name: string, ...args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await wattloop([
    'run',
    join(EXAMPLES, name, 'workflow.ts'),
    '--json',
    ...args,
  ]);
  expect(code, stderr).toBe(0);
  const { stages, result } = JSON.parse(stdout) as { stages: readonly Stage[]; result: unknown };
  return {
    result,
    shape: stages.map((stage) => [stage.name, stage.invocations]),
    work: Object.fromEntries(stages.map((stage) => [stage.name, stage.work])),
  };
}

describe('the Titanic example', () => {
  interface Judged {
    readonly name: string;
    readonly validation: number;
    readonly accuracy: number;
    readonly f1: number;
    readonly auc: number;
  }
  const small = ['--param', 'trees=10', '--param', 'repeats=1'];

  it('trains its models in parallel, and they are as good as this table lets them be', {
    timeout: LONG,
  }, async () => {
    const { shape, result, work } = await run('titanic', ...small);
    expect(shape).toEqual([
      ['preprocess', 4],
      ['features', 1],
      ['train', 12],
      ['evaluate', 1],
    ]);
    // Five folds of 1,540 passengers, four fifths at a time, and all once more for the test.
    expect(work).toEqual({ preprocess: 2201, features: 2201, train: 12 * 5 * 1540, evaluate: 12 * 661 });
    const { best, baseline, models } = result as { best: string; baseline: number; models: Judged[] };
    expect(baseline).toBeCloseTo(1490 / 2201, 2);
    expect(models).toHaveLength(12);
    const validations = models.map(({ validation }) => validation);
    expect(validations).toEqual(validations.toSorted((a, b) => b - a));
    expect(best).toBe(models[0]?.name);
    // Nobody who knows these three things alone can be right more often than in 79.06 % of the whole table.
    expect(validations[0]).toBeGreaterThan(0.78);
    expect(validations[0]).toBeLessThan(0.8);
    for (const { accuracy, f1, auc } of models) {
      expect(accuracy).toBeGreaterThan(0.75);
      expect(accuracy).toBeLessThan(0.81);
      expect(f1).toBeGreaterThan(0.45);
      expect(auc).toBeGreaterThan(0.65);
      expect(auc).toBeLessThan(0.8);
    }
  });

  it('has the same result when fewer workers share the models', { timeout: LONG }, async () => {
    const [each, shared] = [await run('titanic', ...small), await run('titanic', ...small, '--workers', '3')];
    expect(shared.shape).toEqual([
      ['preprocess', 3],
      ['features', 1],
      ['train', 3],
      ['evaluate', 1],
    ]);
    expect(shared.result).toEqual(each.result);
  });

  it('has the table of passengers that its script writes', () => {
    const file = join(freshFolder(), 'passengers.csv');
    execFileSync(process.execPath, [join(EXAMPLES, 'titanic', 'write-passengers.js'), file]);
    const text = readFileSync(file, 'utf8');
    expect(readFileSync(join(EXAMPLES, 'titanic', 'passengers.csv'), 'utf8')).toBe(text);
    const rows = text.trim().split('\n').slice(1);
    expect(rows).toHaveLength(2201);
    expect(rows.filter((row) => row.endsWith(',yes'))).toHaveLength(711);
  });
});

describe('the machine-learning pipeline example', () => {
  interface Result {
    readonly tested: number;
    readonly accuracy: number;
    readonly treeAccuracy: number;
    readonly explained: number;
  }
  const small = ['--param', 'images=2000', '--param', 'trees=20'];

  it('learns digits, the forest better than its trees', { timeout: LONG }, async () => {
    const { shape, result, work } = await run('ml-pipeline', ...small);
    expect(shape).toEqual([
      ['generate', 4],
      ['moments', 4],
      ['basis', 1],
      ['project', 4],
      ['train', 4],
      ['vote', 4],
      ['accuracy', 1],
    ]);
    expect(work).toMatchObject({ generate: 2000, moments: 1600, project: 2000, train: 20, vote: 400 });
    const { tested, accuracy, treeAccuracy, explained } = result as Result;
    expect(tested).toBe(400);
    expect(accuracy).toBeGreaterThan(0.8);
    expect(accuracy).toBeGreaterThan(treeAccuracy + 0.1);
    // 24 of 144 directions, of which noise takes all alike.
    expect(explained).toBeGreaterThan(0.4);
    expect(explained).toBeLessThan(0.7);
  });

  it('has the same data and the same trees however many workers there are', { timeout: LONG }, async () => {
    const [few, many] = [
      await run('ml-pipeline', ...small, '--param', 'workers=1'),
      await run('ml-pipeline', ...small, '--param', 'workers=5'),
    ];
    const [one, other] = [few.result as Result, many.result as Result];
    expect(other.tested).toBe(one.tested);
    expect(other.explained).toBe(one.explained);
    // Sums in another order differ in their last digits, and a sample at the edge of a bin may then fall to its other side.
    expect(Math.abs(other.accuracy - one.accuracy)).toBeLessThan(0.02);
  });
});
