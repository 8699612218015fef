import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../base/index.js';
import type { RunRecord, StageSummary } from '../model/index.js';
import { Knowledge } from './knowledge.js';
import { EXAMPLE_PLATFORM, exampleInvocation } from './testing/example-invocation.js';
import { freshPath } from './testing/folder.js';

let knowledge: Knowledge;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  knowledge = await Knowledge.open(freshPath(), { clock });
});

afterEach(() => knowledge.close());

const STAGE: StageSummary = {
  name: 'sample',
  configuration: { cpu: 1, memoryMib: 256, workers: 8 },
  invocations: 9,
  failed: 1,
  retries: 1,
  wallSeconds: 1.5,
  cpuSeconds: 8,
  readSeconds: 0.1,
  computeSeconds: 7.5,
  writeSeconds: 0.2,
  coldStarts: 2,
  joules: 31.5,
  source: 'rapl',
  provenance: 'measured',
  carbonGrams: 0.004,
};

describe('a run', () => {
  it('is kept from its beginning to its end', async () => {
    const begun = knowledge.beginRun({
      id: '20260501-a',
      workflow: 'pi',
      workflowFile: '/home/me/pi.ts',
      bundleHash: 'abc',
      parameters: { points: 1_000 },
      settings: { backend: 'local' },
      experiment: { id: 'grid-1', repetition: 2, warmUp: false },
    });
    expect(begun).toMatchObject({ status: 'running', startedAt: clock.wall(), owner: { pid: process.pid } });
    expect(knowledge.run('20260501-a')).toStrictEqual(begun);

    clock.advance(3);
    knowledge.updateRun('20260501-a', { platforms: [EXAMPLE_PLATFORM], stages: [STAGE] });
    const { name: _, configuration: __, ...totals } = STAGE;
    knowledge.endRun('20260501-a', { status: 'done', totals, result: { value: { pi: 3.14 } } });
    const { owner: ___, ...rest } = begun;
    const expected: RunRecord = {
      ...rest,
      status: 'done',
      endedAt: begun.startedAt + 3,
      platforms: [EXAMPLE_PLATFORM],
      stages: [STAGE],
      totals,
      result: { value: { pi: 3.14 } },
    };
    const reader = await Knowledge.open(knowledge.path, { readOnly: true });
    expect(reader.run('20260501-a')).toStrictEqual(expected);
    reader.close();
  });

  it('that fails keeps why', () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    const error = { name: 'Error', message: 'no room', stack: 'Error: no room\n at x' };
    knowledge.endRun('a', { status: 'failed', error, result: { absent: 'the run failed' } });
    expect(knowledge.run('a')).toMatchObject({
      status: 'failed',
      error,
      result: { absent: 'the run failed' },
    });
  });

  it('that returned nothing says so, and one that returned null returned null', () => {
    for (const id of ['a', 'b']) knowledge.beginRun({ id, workflow: 'pi' });
    knowledge.endRun('a', { status: 'done', result: { value: undefined } });
    knowledge.endRun('b', { status: 'done', result: { value: null } });
    expect(knowledge.run('a').result).toEqual({ absent: 'the workflow returned nothing' });
    expect(knowledge.run('b').result).toEqual({ value: null });
  });

  it('refuses a result that is no JSON, and stays as it was', () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    expect(() => knowledge.endRun('a', { status: 'done', result: { value: 1n } })).toThrow(
      expect.objectContaining({ code: 'not_serialisable' }),
    );
    expect(knowledge.run('a').status).toBe('running');
  });

  it('writes what waits when it ends', async () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    knowledge.record(exampleInvocation('a', 0));
    knowledge.endRun('a', { status: 'done' });
    const reader = await Knowledge.open(knowledge.path, { readOnly: true });
    expect(reader.countInvocations('a')).toBe(1);
    reader.close();
  });

  it.each(['', '../up', 'a/b', '.hidden', 'a b'])('can not be named %j', (id) => {
    expect(() => knowledge.beginRun({ id, workflow: 'pi' })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    );
  });

  it('can not be begun twice', () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    expect(() => knowledge.beginRun({ id: 'a', workflow: 'pi' })).toThrow(
      expect.objectContaining({ code: 'already_exists' }),
    );
  });
});

describe('finding runs', () => {
  beforeEach(() => {
    for (const id of ['20260501-abc', '20260501-abd', '20260502-x', '20260502-xy']) {
      knowledge.beginRun({ id, workflow: id.endsWith('x') ? 'words' : 'pi' });
      clock.advance(1);
    }
    knowledge.endRun('20260502-x', { status: 'done' });
  });

  it('takes the beginning of an id, and an id before what begins so', () => {
    expect(knowledge.run('20260501-abc').id).toBe('20260501-abc');
    expect(knowledge.run('20260501-abd').id).toBe('20260501-abd');
    expect(knowledge.run('20260502-x').id).toBe('20260502-x');
  });

  it('names the runs that are meant by too little', () => {
    expect(() => knowledge.run('20260501')).toThrow(/begins several runs: 20260501-abd, 20260501-abc$/);
  });

  it.each(['20260501_abc', '%', '', '2026050-abc'])('suggests the closest for %j', (id) => {
    expect(() => knowledge.run(id)).toThrow(
      expect.objectContaining({ code: 'not_found', remedy: expect.stringMatching(/^Did you mean 2026/) }),
    );
  });

  it('lists the newest first, by workflow and status', () => {
    const ids = (filter: Parameters<Knowledge['runs']>[0]): string[] =>
      knowledge.runs(filter).map(({ id }) => id);
    expect(ids({})).toEqual(['20260502-xy', '20260502-x', '20260501-abd', '20260501-abc']);
    expect(ids({ limit: 2 })).toEqual(['20260502-xy', '20260502-x']);
    expect(ids({ workflow: 'words' })).toEqual(['20260502-x']);
    expect(ids({ status: 'running', limit: 1 })).toEqual(['20260502-xy']);
    expect(ids({ experiment: 'none' })).toEqual([]);
  });
});

describe('deleteRun', () => {
  it('deletes a run that has ended with all that is its own', () => {
    for (const id of ['a', 'b']) {
      knowledge.beginRun({ id, workflow: 'pi' });
      knowledge.record(exampleInvocation(id, 0));
    }
    knowledge.endRun('a', { status: 'cancelled' });
    expect(knowledge.deleteRun('a').id).toBe('a');
    expect(knowledge.runs().map(({ id }) => id)).toEqual(['b']);
    expect(() => knowledge.invocations('a')).toThrow(/no run "a"/);
    expect(knowledge.countInvocations('b')).toBe(1);
    // A run of the same name is another run.
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    knowledge.record(exampleInvocation('a', 7));
    expect([...knowledge.invocations('a')].map(({ partition }) => partition)).toEqual([7]);
  });

  it('refuses a run that goes on', () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    expect(() => knowledge.deleteRun('a')).toThrow(
      expect.objectContaining({ code: 'in_use', message: expect.stringContaining(`process ${process.pid}`) }),
    );
    expect(knowledge.runs()).toHaveLength(1);
  });
});

describe('resumeRun', () => {
  it('opens a run again that has ended', () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    knowledge.endRun('a', { status: 'failed', error: { name: 'Error', message: 'x' } });
    const resumed = knowledge.resumeRun('a');
    expect(resumed).toMatchObject({ status: 'running', owner: { pid: process.pid } });
    expect(resumed.error).toBeUndefined();
    expect(resumed.endedAt).toBeUndefined();
  });

  it('leaves a run alone that goes on', () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    expect(() => knowledge.resumeRun('a')).toThrow(expect.objectContaining({ code: 'in_use' }));
  });
});

describe('close', () => {
  it('leaves one file that is whole', async () => {
    knowledge.beginRun({ id: 'a', workflow: 'pi' });
    knowledge.record(exampleInvocation('a', 0));
    knowledge.close();
    // Once more does no harm.
    knowledge.close();
    const copy = freshPath();
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(knowledge.path, copy);
    const reader = await Knowledge.open(copy, { readOnly: true });
    expect(reader.countInvocations('a')).toBe(1);
    reader.close();
  });
});
