import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { CallColumns } from '../../model/index.js';
import { Knowledge } from '../knowledge.js';
import { CALLS_BEGIN, exampleCall } from '../testing/example-call.js';
import { exampleWindow } from '../testing/example-window.js';
import { freshPath } from '../testing/folder.js';
import type { Retention } from './retention.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const KEEP: Retention = { raw_hours: 1, minutes_days: 7, hours_days: 365, max_mib: 1_000 };

function tidyUp(knowledge: Knowledge, now: number, retention: Retention): number {
  for (let steps = 1; ; steps++) {
    if (knowledge.served.tidy(now, retention).done) return steps;
    if (steps > 10_000) throw new Error('it never ends');
  }
}

const callsAt = (begin: number, count: number) =>
  CallColumns.of(
    Array.from({ length: count }, (_, index) => exampleCall(index, { endedAt: begin + index / 1_000 })),
  );

function rowsOf(path: string): Record<string, number> {
  const database = new Database(path);
  const tables = ['calls', 'callers', 'rates', 'seconds', 'windows', 'shares', 'names'];
  const counts = tables.map((table) => {
    const what = table === 'calls' ? 'coalesce(sum(calls), 0)' : 'count(*)';
    const { n } = database.prepare(`SELECT ${what} AS n FROM served_${table}`).get() as { n: number };
    return [table, n] as const;
  });
  database.close();
  return Object.fromEntries(counts);
}

/** What the tables take, as SQLite itself tells. */
function mibOf(path: string): number {
  const database = new Database(path);
  const sql = "SELECT sum(pgsize) AS bytes FROM dbstat('main', 1) WHERE name LIKE '%served%'";
  const { bytes } = database.prepare(sql).get() as { bytes: number };
  database.close();
  return bytes / 2 ** 20;
}

describe('what is kept', () => {
  it('becomes less with age: calls and seconds, then minutes, then hours, then the names of all', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path);
    const begin = CALLS_BEGIN;
    const { served } = knowledge;
    served.recordCalls(callsAt(begin, 3_000));
    served.recordSeconds([{ at: begin, seconds: 1, watts: 5, cpuSeconds: { os: 1 } }]);
    served.recordWindow(exampleWindow(begin));
    served.recordWindow(exampleWindow(begin + 60));
    const whole = served.footprints({ from: 0, to: 1e10 });

    tidyUp(knowledge, begin + HOUR, KEEP);
    expect(rowsOf(path)).toMatchObject({ calls: 3_000, seconds: 1, windows: 4 });
    tidyUp(knowledge, begin + HOUR + 1.5, KEEP);
    // A block of calls goes as a whole.
    expect(served.calls({ limit: 10_000 }).calls).toHaveLength(3_000);
    tidyUp(knowledge, begin + HOUR + 2.5, KEEP);
    expect(served.calls({ limit: 10_000 }).calls).toHaveLength(1_000);
    expect(rowsOf(path)).toMatchObject({ calls: 1_000, seconds: 0, windows: 4 });
    tidyUp(knowledge, begin + 7 * DAY + 90, KEEP);
    expect(rowsOf(path)).toMatchObject({ calls: 0, rates: 0, windows: 3 });
    // Half of the hour's minutes are gone: the hour itself tells.
    expect(served.footprints({ from: 0, to: 1e10 })).toEqual(whole);
    tidyUp(knowledge, begin + 8 * DAY, KEEP);
    expect(rowsOf(path)).toMatchObject({ windows: 2 });
    expect(served.footprints({ from: 0, to: 1e10 })).toEqual(whole);
    expect(rowsOf(path).names).toBeGreaterThan(0);
    tidyUp(knowledge, begin + 366 * DAY, KEEP);
    tidyUp(knowledge, begin + 366 * DAY + HOUR, KEEP);
    expect(rowsOf(path)).toEqual({
      ...{ calls: 0, callers: 0, rates: 0, seconds: 0, windows: 0, shares: 0, names: 0 },
    });
    expect(served.footprints({ from: 0, to: 1e10 })).toBeUndefined();
    // Names that were removed are given again.
    served.recordCalls(CallColumns.of([exampleCall(1)]));
    expect(served.calls({ limit: 1 }).calls).toEqual([exampleCall(1)]);
    knowledge.close();
  });

  it('keeps the names of what is kept', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path);
    const { served } = knowledge;
    served.recordWindow(exampleWindow(CALLS_BEGIN));
    const replicas = 40;
    for (let minutes = 0; minutes < 600; minutes += 15) {
      const endedAt = CALLS_BEGIN + minutes * 60;
      served.recordCalls(
        CallColumns.of([
          exampleCall(0, { function: 'a', replica: `a-${minutes}`, endedAt }),
          exampleCall(1, { endedAt }),
        ]),
      );
      tidyUp(knowledge, endedAt, { ...KEEP, raw_hours: 0.5 });
    }
    expect(served.calls({ limit: 100 }).calls.every(({ replica }) => replica.length > 0)).toBe(true);
    expect(served.footprints({ from: 0, to: 1e10 })?.functions.map((each) => each.function)).toEqual([
      'a',
      'b',
    ]);
    expect(rowsOf(path).names).toBeLessThan(replicas / 2);
    knowledge.close();
  });

  it.each(['a new file', 'a file that was made without room to shrink'])(
    'stays within its size in %s',
    async (kind) => {
      const path = freshPath();
      if (kind !== 'a new file') {
        mkdirSync(dirname(path), { recursive: true });
        const database = new Database(path);
        database.exec('PRAGMA auto_vacuum = NONE; CREATE TABLE x (y); DROP TABLE x;');
        database.close();
      }
      const knowledge = await Knowledge.open(path);
      const limit = { ...KEEP, max_mib: 4 };
      let last = CALLS_BEGIN;
      for (let batch = 0; batch < 25; batch++) {
        last = CALLS_BEGIN + batch * 5;
        knowledge.served.recordCalls(callsAt(last, 5_000));
        tidyUp(knowledge, last, limit);
        expect(knowledge.served.sizeMib()).toBeLessThanOrEqual(4);
      }
      // The oldest went, nothing more than had to, and the newest is there.
      const kept = rowsOf(path).calls ?? 0;
      expect(kept).toBeGreaterThan(15_000);
      expect(knowledge.served.calls({ limit: 1 }).calls[0]?.endedAt).toBeCloseTo(last + 4.999, 6);
      let cursor: string | undefined;
      let oldest = Number.POSITIVE_INFINITY;
      do {
        const page = knowledge.served.calls({ limit: 10_000, ...(cursor !== undefined && { cursor }) });
        oldest = page.calls.at(-1)?.endedAt ?? oldest;
        cursor = page.next;
      } while (cursor !== undefined);
      expect(oldest).toBeCloseTo(last + 5 - kept / 1_000, 2);
      // The ledger tells what SQLite tells, but for the pages that the tables took when they were made.
      expect(Math.abs(knowledge.served.sizeMib() - mibOf(path))).toBeLessThan(0.1);
      knowledge.close();
      // What was freed was used again: one batch at most was there beyond the limit.
      expect(statSync(path).size / 2 ** 20).toBeLessThan(4 + 1.5);
    },
  );

  it('gives much free room back to the file system', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path);
    for (let batch = 0; batch < 60; batch++)
      knowledge.served.recordCalls(callsAt(CALLS_BEGIN + batch * 5, 5_000));
    const now = CALLS_BEGIN + 300;
    tidyUp(knowledge, now, { ...KEEP, max_mib: 1 });
    knowledge.close();
    // Some free pages are kept for what comes next.
    expect(statSync(path).size / 2 ** 20).toBeLessThan(20);
    const again = await Knowledge.open(path);
    expect(again.served.calls({ limit: 1 }).calls).toHaveLength(1);
    again.close();
  });

  it('leaves finer figures out first where there is room for little', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path);
    knowledge.served.recordCalls(callsAt(CALLS_BEGIN, 2_000));
    for (let minute = 0; minute < 2_000; minute++)
      knowledge.served.recordWindow(exampleWindow(CALLS_BEGIN + 60 * minute));
    tidyUp(knowledge, CALLS_BEGIN + 2_000 * 60, { ...KEEP, max_mib: 0.4 });
    const rows = rowsOf(path);
    expect(rows.calls).toBe(0);
    expect(rows.windows).toBeGreaterThan(34);
    const kept = knowledge.served.footprints({ from: 0, to: 1e10 });
    expect(kept?.measuredJoules).toBeCloseTo(2_000 * exampleWindow(0).measuredJoules, 3);
    knowledge.close();
  });

  it('does nothing at all, once done', async () => {
    const path = freshPath();
    const knowledge = await Knowledge.open(path);
    knowledge.served.recordCalls(callsAt(CALLS_BEGIN, 100));
    expect(knowledge.served.tidy(CALLS_BEGIN, KEEP)).toEqual({ done: true });
    expect(rowsOf(path).calls).toBe(100);
    knowledge.close();
  });
});
