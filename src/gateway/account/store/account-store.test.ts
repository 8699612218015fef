import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../../base/index.js';
import {
  type AccountedCall,
  CallColumns,
  type FootprintWindow,
  settingsSchema,
} from '../../../model/index.js';
import { AccountFiles } from './account-files.js';
import type { AccountStore } from './account-store.js';
import { MemoryStore } from './memory-store.js';
import { openStore } from './open-store.js';
import { savedSums } from './saved-sums.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'account-store-'));
const host = createHost({ log: silentLogger });
const kept = (dataDir: string): Promise<AccountStore> =>
  openStore(host, settingsSchema.parse({ data_dir: dataDir }));

const BEGIN = 1_750_000_020;

const call = (index: number, rest: Partial<AccountedCall> = {}): AccountedCall => ({
  id: `call-${index}`,
  function: index % 2 === 0 ? 'even' : 'odd',
  version: 'v',
  replica: 'r',
  attempt: 1,
  isAsync: false,
  arrivedAt: BEGIN + index,
  startedAt: BEGIN + index,
  endedAt: BEGIN + index + 0.5,
  cold: false,
  status: 'done',
  requestBytes: 1,
  responseBytes: 2,
  ...rest,
});

const window = (index: number): FootprintWindow => ({
  from: BEGIN + 60 * index,
  to: BEGIN + 60 * (index + 1),
  measuredJoules: 100,
  individualJoules: 50,
  controlPlaneJoules: 10,
  idleJoules: 30,
  unattributedJoules: 10,
  principalJoules: { os: 5 },
  gramsPerKilowattHour: 400,
  functions: ['f', 'g'].map((name) => ({
    function: name,
    calls: 2,
    errors: 1,
    cold: 0,
    callSeconds: 3,
    individualJoules: 25,
    controlPlaneJoules: 5,
    idleJoules: 15,
    operationalGrams: 0.005,
    ...(index > 0 && { embodiedGrams: 0.25 }),
  })),
});

describe.each([
  ['in memory', async (): Promise<AccountStore> => new MemoryStore()],
  ['in the knowledge base', () => kept(folder())],
])('the account %s', (_, open) => {
  it('gives calls a page at a time, the newest first', async () => {
    const store = await open();
    store.recordCalls(CallColumns.of(Array.from({ length: 10 }, (_, index) => call(index))));
    store.recordCalls(CallColumns.of([call(10, { status: 'failed' })]));
    const first = store.calls({ limit: 4 });
    expect(first.calls.map(({ id }) => id)).toEqual(['call-10', 'call-9', 'call-8', 'call-7']);
    // What is added meanwhile moves nothing on the pages that follow.
    store.recordCalls(CallColumns.of([call(11)]));
    const cursor = first.next ?? '';
    expect(store.calls({ limit: 2, cursor }).calls.map(({ id }) => id)).toEqual(['call-6', 'call-5']);
    expect(store.calls({ limit: 9, function: 'odd', to: BEGIN + 6 }).calls).toHaveLength(3);
    expect(store.calls({ limit: 9, status: 'failed' }).calls).toMatchObject([{ id: 'call-10' }]);
    expect(store.calls({ limit: 9, from: BEGIN + 10 }).calls).toHaveLength(2);
    expect(store.calls({ limit: 99 }).next).toBeUndefined();
    store.close();
  });

  it('adds up windows, of all functions or of one', async () => {
    const store = await open();
    for (const index of [0, 1, 2]) store.recordWindow(window(index));
    const two = store.footprints({ from: BEGIN + 60, to: BEGIN + 180 });
    expect(two).toMatchObject({
      from: BEGIN + 60,
      to: BEGIN + 180,
      measuredJoules: 200,
      unattributedJoules: 20,
      principalJoules: { os: 10 },
      gramsPerKilowattHour: 400,
    });
    expect(two?.functions).toHaveLength(2);
    const one = store.footprints({ from: 0, to: 1e10, function: 'g' });
    expect(one).toMatchObject({ measuredJoules: 300 });
    expect(one?.functions).toMatchObject([
      { function: 'g', calls: 6, errors: 3, callSeconds: 9, individualJoules: 75, embodiedGrams: 0.5 },
    ]);
    expect(store.footprints({ from: 0, to: BEGIN })).toBeUndefined();
    store.close();
  });

  it('gives ticks by when they ended', async () => {
    const store = await open();
    const seconds = Array.from({ length: 25 }, (_, index) => ({
      at: BEGIN + index,
      seconds: 1,
      ...(index % 2 === 0 && { watts: index }),
      cpuSeconds: { 'fn:f': 0.5, os: 0.25 },
    }));
    for (const second of seconds) store.recordSeconds([second]);
    expect([...store.seconds(BEGIN + 3, BEGIN + 21)]).toEqual(seconds.slice(3, 21));
    store.close();
  });
});

describe('the account in the knowledge base', () => {
  it('is there again after it was closed', async () => {
    const data = folder();
    const store = await kept(data);
    store.recordCalls(CallColumns.of([call(1)]));
    store.recordWindow(window(0));
    store.recordSeconds([{ at: BEGIN, seconds: 1, cpuSeconds: {} }]);
    store.close();
    const again = await kept(data);
    expect(again.calls({ limit: 5 }).calls).toEqual([call(1)]);
    expect(again.footprints({ from: 0, to: 1e10 })).toMatchObject({ measuredJoules: 100 });
    expect([...again.seconds(0, 1e10)]).toHaveLength(1);
    expect(again.ailment()).toBeUndefined();
    again.close();
  });

  it('leaves out a call that can’t be kept, and keeps the others', async () => {
    const store = await kept(folder());
    store.recordCalls(CallColumns.of([call(1), call(2, { id: 'a\0b' }), call(3)]));
    expect(store.calls({ limit: 5 }).calls.map(({ id }) => id)).toEqual(['call-3', 'call-1']);
    store.close();
  });

  it('is in memory, and says why, where there can be no such file', async () => {
    const data = folder();
    writeFileSync(
      join(data, 'knowledge.db'),
      'this is no database, and long enough to look like one'.repeat(40),
    );
    const store = await kept(data);
    expect(store.ailment()).toContain('knowledge.db');
    store.recordCalls(CallColumns.of([call(1)]));
    expect(store.calls({ limit: 1 }).calls).toHaveLength(1);
    store.close();
  });
});

describe('what an account goes on from', () => {
  const sums = {
    measuredJoules: 3,
    unattributedJoules: 1,
    endedJoules: 0,
    since: 5,
    functions: {
      f: { individualJoules: 1, controlPlaneJoules: 0.5, idleJoules: 0.5, operationalGrams: 2, since: 5 },
    },
  };

  it('is written whole, and read as it was', () => {
    const place = join(folder(), 'gateway');
    const files = new AccountFiles(place, silentLogger);
    expect(files.readSums()).toBeUndefined();
    files.writeSums(sums);
    files.writeModel({ version: 1 });
    expect(readdirSync(place)).toEqual(['account-model.json', 'account-sums.json']);
    expect(savedSums(files.readSums())).toEqual(sums);
    expect(files.readModel()).toEqual({ version: 1 });
  });

  it('is nothing where it is broken', () => {
    const place = folder();
    const said: string[] = [];
    const files = new AccountFiles(place, { ...silentLogger, warn: (text) => said.push(text) });
    writeFileSync(join(place, 'account-sums.json'), '{"measuredJoules": 3');
    expect(files.readSums()).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(savedSums({ ...sums, measuredJoules: -1 })).toBeUndefined();
    expect(savedSums([])).toBeUndefined();
  });

  it('says when it can’t be written, and when it can again', () => {
    const place = join(folder(), 'gateway');
    // A file in the folder's place stops root too.
    writeFileSync(place, '');
    const files = new AccountFiles(place, silentLogger);
    files.writeSums(sums);
    expect(files.ailment()).toContain("account-sums.json can't be written");
    rmSync(place);
    files.writeSums(sums);
    expect(files.ailment()).toBeUndefined();
  });
});
