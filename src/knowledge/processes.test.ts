import { describe, expect, it } from 'vitest';
import { Knowledge } from './knowledge.js';
import { Child } from './testing/child.js';
import { exampleInvocation } from './testing/example-invocation.js';
import { freshPath } from './testing/folder.js';

const EXAMPLE = JSON.stringify(exampleInvocation('RUN', 0));
/** Lines for a child: records `count` invocations of a run. */
const recording = (run: string, count: number): string => `
  knowledge.beginRun({ id: '${run}', workflow: 'pi' });
  const example = ${EXAMPLE};
  for (let partition = 0; partition < ${count}; partition++)
    knowledge.record({ ...example, run: '${run}', id: String(partition), partition });`;

describe('a process that is killed', () => {
  it('loses nothing that was flushed, at whatever moment it is killed', { timeout: 120_000 }, async () => {
    const path = freshPath();
    for (let round = 0; round < 10; round++) {
      const run = `run-${round}`;
      const child = new Child(
        path,
        `knowledge.beginRun({ id: '${run}', workflow: 'pi' });
        const example = ${EXAMPLE};
        for (let partition = 0; ; partition++) {
          knowledge.record({ ...example, run: '${run}', id: String(partition), partition });
          if (partition % 97 === 96) { knowledge.flush(); console.log(partition + 1); }
          if (partition % 1000 === 0) await new Promise(setImmediate);
        }`,
      );
      let flushed = 0;
      // Another moment each time.
      while (flushed < 97 * (1 + 7 * round)) flushed = Number(await child.line());
      await child.killed();
      const knowledge = await Knowledge.open(path);
      expect(knowledge.stateOf(knowledge.run(run))).toBe('crashed');
      const kept = [...knowledge.invocations(run)].map(({ partition }) => partition);
      expect(kept.length).toBeGreaterThanOrEqual(flushed);
      expect(kept).toEqual(kept.map((_, index) => index));
      knowledge.close();
    }
    const knowledge = await Knowledge.open(path);
    expect(knowledge.runs()).toHaveLength(10);
    // Its partitions are there for another process to go on from.
    expect(knowledge.resumeRun('run-3').status).toBe('running');
    expect(knowledge.finishedPartitions('run-3').get('sample')?.size).toBeGreaterThan(0);
    knowledge.close();
  });
});

describe('several processes', () => {
  it('make one database together, when none is there yet', { timeout: 60_000 }, async () => {
    const path = freshPath();
    const children = Array.from(
      { length: 6 },
      (_, index) => new Child(path, `${recording(`run-${index}`, 10)}knowledge.close();`),
    );
    for (const child of children) expect(await child.done).toEqual({ code: 0, stderr: '' });
    const knowledge = await Knowledge.open(path, { readOnly: true });
    expect(knowledge.runs()).toHaveLength(6);
    for (const { id } of knowledge.runs()) expect(knowledge.countInvocations(id)).toBe(10);
    knowledge.close();
  });

  it('write at once while another reads', { timeout: 60_000 }, async () => {
    const path = freshPath();
    const reader = await Knowledge.open(path);
    const writers = ['a', 'b'].map(
      (run) => new Child(path, `${recording(run, 20_000)} knowledge.endRun('${run}', { status: 'done' });`),
    );
    const ended = Promise.all(writers.map(({ done }) => done));
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    let seen = 0;
    let last = 0;
    while (!isOver) {
      const count = reader.runs().reduce((sum, { id }) => sum + reader.countInvocations(id), 0);
      expect(count).toBeGreaterThanOrEqual(last);
      if (count > last) seen++;
      last = count;
      await new Promise(setImmediate);
    }
    expect(await ended).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    expect(seen).toBeGreaterThan(2);
    for (const run of ['a', 'b']) expect(reader.countInvocations(run)).toBe(20_000);
    reader.close();
  });
});

describe('a hundred thousand invocations', () => {
  it('are read and exported in little memory', { timeout: 120_000 }, async () => {
    const path = freshPath();
    const writer = new Child(path, `${recording('big', 100_000)} knowledge.close();`);
    expect(await writer.done).toEqual({ code: 0, stderr: '' });
    // Held at once they take several times as much.
    const reader = new Child(
      path,
      `let count = 0;
      for (const invocation of knowledge.invocations('big')) count += invocation.attempt;
      console.log(count);
      for (const format of ['csv', 'parquet'])
        console.log(await exportInvocations(knowledge, { runs: ['big'], format, write: () => {} }));`,
      ['--max-old-space-size=48'],
    );
    expect(await reader.line()).toBe('100000');
    expect(await reader.line()).toBe('100000');
    expect(await reader.line()).toBe('100000');
    expect(await reader.done).toMatchObject({ code: 0 });
  });
});
