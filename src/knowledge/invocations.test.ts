import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Invocation } from '../model/index.js';
import { Knowledge } from './knowledge.js';
import { anyInvocation } from './testing/any-invocation.js';
import { EXAMPLE_PLATFORM, exampleInvocation } from './testing/example-invocation.js';
import { freshPath } from './testing/folder.js';

let knowledge: Knowledge;

beforeEach(async () => {
  knowledge = await Knowledge.open(freshPath());
  knowledge.beginRun({ id: 'run-1', workflow: 'pi' });
});

afterEach(() => knowledge.close());

const rowsOf = (table: string): number => {
  const database = new Database(knowledge.path);
  const [row] = database.prepare(`SELECT count(*) AS n FROM ${table}`).all() as { readonly n: number }[];
  database.close();
  return row?.n ?? Number.NaN;
};

describe('record', () => {
  it('keeps whatever is an invocation, and gives it back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyInvocation('run-1'), { minLength: 1, maxLength: 5 }), async (all) => {
        const fresh = await Knowledge.open(freshPath());
        fresh.beginRun({ id: 'run-1', workflow: 'pi' });
        for (const invocation of all) fresh.record(invocation);
        fresh.close();
        const again = await Knowledge.open(fresh.path, { readOnly: true });
        expect([...again.invocations('run-1')]).toStrictEqual(all);
        again.close();
      }),
      { numRuns: 60 },
    );
  });

  it('keeps invocations of no run apart', () => {
    const { run: _, ...alone } = exampleInvocation('run-1', 0);
    knowledge.record(alone);
    knowledge.record(exampleInvocation('run-1', 1));
    expect([...knowledge.invocations(undefined)]).toStrictEqual([alone]);
    expect([...knowledge.invocations('run-1')]).toHaveLength(1);
  });

  it('keeps what invocations have in common once', () => {
    for (let i = 0; i < 1_000; i++)
      knowledge.record(structuredClone(exampleInvocation('run-1', i, { worker: `worker-${i % 7}` })));
    knowledge.flush();
    expect(rowsOf('invocations')).toBe(1_000);
    expect(rowsOf('platforms')).toBe(1);
    expect(rowsOf('absences')).toBe(1);
    expect(rowsOf('energy_layouts')).toBe(1);
    const [first, second] = [...knowledge.invocations('run-1', { limit: 2 })];
    expect(first?.platform).toBe(second?.platform);
  });

  it('tells platforms apart that differ in little', () => {
    const other = { ...EXAMPLE_PLATFORM, kernel: '6.1.0-19-amd64' };
    for (const platform of [EXAMPLE_PLATFORM, other, EXAMPLE_PLATFORM])
      knowledge.record(exampleInvocation('run-1', 0, { platform }));
    expect([...knowledge.invocations('run-1')].map((each) => each.platform?.kernel)).toEqual([
      EXAMPLE_PLATFORM.kernel,
      other.kernel,
      EXAMPLE_PLATFORM.kernel,
    ]);
  });

  it('writes by itself in a moment, for other processes to see', async () => {
    const reader = await Knowledge.open(knowledge.path, { readOnly: true });
    knowledge.record(exampleInvocation('run-1', 0));
    await expect.poll(() => reader.countInvocations('run-1')).toBe(1);
    reader.close();
  });

  it.each<[string, Partial<Invocation>, RegExp]>([
    ['NaN seconds', { cpuSeconds: Number.NaN }, /cpuSeconds is NaN/],
    ['a NUL in a name', { function: 'a\0b' }, /function holds unfit characters/],
    ['half a character', { worker: 'x\ud800' }, /worker holds unfit characters/],
    ['a run that nobody began', { run: 'run-2' }, /no run "run-2"/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => knowledge.record(exampleInvocation('run-1', 0, changes))).toThrow(message);
    expect(knowledge.countInvocations('run-1')).toBe(0);
  });
});

describe('invocations', () => {
  beforeEach(() => {
    for (let i = 0; i < 1_201; i++)
      knowledge.record(
        exampleInvocation('run-1', i, {
          function: i % 2 === 0 ? 'sample' : 'estimate',
          status: i % 3 === 0 ? 'failed' : i % 5 === 0 ? 'timed_out' : 'done',
        }),
      );
  });

  const partitions = (filter: Parameters<Knowledge['invocations']>[1]): number[] =>
    [...knowledge.invocations('run-1', filter)].map(({ partition }) => partition);

  it('come in the order in which they were recorded, over pages', () => {
    expect(partitions({})).toEqual(Array.from({ length: 1_201 }, (_, index) => index));
    expect(partitions({ limit: 700 })).toHaveLength(700);
  });

  it('are chosen by stage, status and partition', () => {
    expect(partitions({ function: 'estimate', limit: 3 })).toEqual([1, 3, 5]);
    expect(partitions({ status: ['failed', 'timed_out'], limit: 5 })).toEqual([0, 3, 5, 6, 9]);
    expect(partitions({ status: 'timed_out', limit: 2 })).toEqual([5, 10]);
    expect(partitions({ partition: 7 })).toEqual([7]);
    expect(partitions({ status: [] })).toEqual([]);
    expect(knowledge.countInvocations('run-1', { status: 'failed' })).toBe(401);
  });

  it('can be recorded while others are read', () => {
    let read = 0;
    for (const { partition } of knowledge.invocations('run-1', { limit: 1_500 })) {
      read++;
      if (partition < 1_201) knowledge.record(exampleInvocation('run-1', 2_000 + partition));
    }
    expect(read).toBe(1_500);
  });
});

describe('finishedPartitions', () => {
  it('tells what need not run again, a retry that succeeded included', () => {
    knowledge.record(exampleInvocation('run-1', 0, { status: 'crashed' }));
    knowledge.record(exampleInvocation('run-1', 0, { attempt: 2 }));
    knowledge.record(exampleInvocation('run-1', 1, { status: 'failed' }));
    knowledge.record(exampleInvocation('run-1', 3, { function: 'estimate' }));
    expect(knowledge.finishedPartitions('run-1')).toEqual(
      new Map([
        ['sample', new Set([0])],
        ['estimate', new Set([3])],
      ]),
    );
  });
});
