import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { Knowledge } from '../knowledge.js';
import { Child } from '../testing/child.js';
import { CALLS_BEGIN, exampleCall } from '../testing/example-call.js';
import { exampleWindow } from '../testing/example-window.js';
import { freshPath } from '../testing/folder.js';

const ROUNDS = 25;

/** Lines for a child that records for ever, and says after each round what is kept by then. */
const recording = (round: number): string => `
  const call = ${JSON.stringify(exampleCall(0))};
  const window = ${JSON.stringify(exampleWindow(0))};
  const keep = { raw_hours: 1, minutes_days: 7, hours_days: 365, max_mib: 2 };
  for (let turn = 0; ; turn++) {
    const at = ${CALLS_BEGIN} + ${round} * 100000 + turn * 60;
    knowledge.served.recordCalls(CallColumns.of(Array.from({ length: 50 + 37 * (turn % 11) }, (_, index) => {
      const endedAt = at + index / 1e3;
      return { ...call, id: '${round}-' + turn, endedAt, startedAt: endedAt, arrivedAt: endedAt };
    })));
    knowledge.served.recordSeconds([{ at, seconds: 1, watts: 7, cpuSeconds: { os: turn } }]);
    knowledge.served.recordWindow({ ...window, from: at, to: at + 60 });
    console.log(turn + 1);
    if (turn % 3 === 0) knowledge.served.tidy(at, keep);
    await new Promise(setImmediate);
  }`;

function check(path: string): unknown {
  const database = new Database(path);
  const [row] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
  database.close();
  return row?.integrity_check;
}

describe('a process that records for the gateway', () => {
  it('may be killed at any moment: the file is whole, and nothing that was recorded is lost', {
    timeout: 180_000,
  }, async () => {
    const path = freshPath();
    let windows = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const child = new Child(path, recording(round));
      let turns = 0;
      // Another moment each time.
      while (turns < 1 + ((round * 7) % 23)) turns = Number(await child.line());
      await child.killed();
      expect(check(path)).toBe('ok');
      const knowledge = await Knowledge.open(path);
      const begin = CALLS_BEGIN + round * 100_000;
      const range = { from: begin, to: begin + 100_000 };
      const [newest] = knowledge.served.calls({ ...range, limit: 1 }).calls;
      const turn = Number(newest?.id.split('-')[1]);
      expect(turn).toBeGreaterThanOrEqual(turns - 1);
      // A batch is there whole or not at all.
      const batch = knowledge.served.calls({ from: begin + turn * 60, limit: 10_000 }).calls;
      expect(batch).toHaveLength(50 + 37 * (turn % 11));
      const seconds = knowledge.served.seconds(range);
      expect(seconds.length).toBeGreaterThanOrEqual(turns);
      const sums = knowledge.served.footprints(range);
      expect(sums?.seconds ?? 0).toBeGreaterThanOrEqual(60 * turns);
      expect(sums?.measuredJoules).toBe(((sums?.seconds ?? 0) / 60) * exampleWindow(0).measuredJoules);
      windows += (sums?.seconds ?? 0) / 60;
      knowledge.close();
    }
    const knowledge = await Knowledge.open(path, { readOnly: true });
    expect(knowledge.served.footprints({ from: 0, to: 1e10 })?.seconds).toBe(windows * 60);
    knowledge.close();
  });

  it('is no trouble to those who read meanwhile, nor they to it', { timeout: 60_000 }, async () => {
    const path = freshPath();
    const child = new Child(path, recording(0));
    await child.line();
    const readers = await Promise.all([1, 2, 3].map(() => Knowledge.open(path, { readOnly: true })));
    for (let turn = 0; turn < 100; turn++) {
      await child.line();
      for (const { served } of readers) {
        const sums = served.footprints({ from: 0, to: 1e10 });
        expect(sums?.measuredJoules).toBe(((sums?.seconds ?? 0) / 60) * exampleWindow(0).measuredJoules);
        const { calls } = served.calls({ limit: 700 });
        const newest = calls[0]?.id;
        // Of the newest batch each reader sees all or nothing.
        const [, number] = newest?.split('-') ?? [];
        expect(calls.filter(({ id }) => id === newest)).toHaveLength(50 + 37 * (Number(number) % 11));
      }
    }
    for (const reader of readers) reader.close();
    await child.killed();
  });
});
