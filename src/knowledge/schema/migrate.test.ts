import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { beforeEach, describe, expect, it } from 'vitest';
import { CallColumns } from '../../model/index.js';
import { Knowledge } from '../knowledge.js';
import { exampleCall } from '../testing/example-call.js';
import { exampleInvocation } from '../testing/example-invocation.js';
import { freshPath } from '../testing/folder.js';
import { VERSION_2 } from './version-2.js';

const VERSION_1 = readFileSync(join(import.meta.dirname, '..', 'testing', 'version-1.sql'), 'utf8');

/** What the second version added, and something of it. */
const VERSION_2_SQL = `${VERSION_1} ${VERSION_2}
INSERT INTO models VALUES (1, 'pi', NULL, 'time', 1775000003, NULL, '{"terms":[1,2]}');
PRAGMA user_version = 2;`;

let path: string;

/** Makes a database of what another program, or another Wattloop, may have written. */
function write(sql: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

function schemaOf(file: string): unknown[] {
  const database = new Database(file);
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  database.close();
  return schema;
}

beforeEach(() => {
  path = freshPath();
});

describe('a knowledge base of the first version', () => {
  it('is brought up to date with all that is in it', async () => {
    write(VERSION_1);
    const knowledge = await Knowledge.open(path);
    expect(knowledge.run('20260401-first')).toMatchObject({
      workflow: 'pi',
      status: 'failed',
      parameters: { points: 1_000 },
      endedAt: 1_775_000_002,
      error: { name: 'Error', message: 'no room' },
    });
    const [first, second] = [...knowledge.invocations('20260401')];
    expect(first).toMatchObject({
      id: 'i-0',
      cold: true,
      platform: { hostname: 'bench-1', cpuLimit: { by: 'none', note: 'no cgroups' } },
      absent: [{ name: 'ipmi', reason: 'there is no BMC' }],
      usage: [{ method: 'rusage', usage: { cpuSeconds: 1.125, contextSwitches: 12 } }],
      phases: [{ name: 'compute', wallSeconds: 1, energies: [{ source: 'rapl', joules: 4, idleJoules: 2 }] }],
      energies: [
        { source: 'rapl', domain: 'package', joules: 4.75, provenance: 'measured', uncertainty: 0.05 },
      ],
    });
    expect(second).toMatchObject({ status: 'failed', error: { message: 'no room' } });
    // What came later is there too.
    expect(knowledge.models()).toEqual([]);
    knowledge.beginRun({ id: 'next', workflow: 'pi' });
    knowledge.record(exampleInvocation('next', 0));
    expect(knowledge.countInvocations('next')).toBe(1);
    knowledge.close();
  });

  it('becomes what a new one is', async () => {
    write(VERSION_1);
    const fresh = freshPath();
    for (const each of [path, fresh]) (await Knowledge.open(each)).close();
    expect(schemaOf(path)).toEqual(schemaOf(fresh));
  });

  it('is left as it is by those who only read, who are told', async () => {
    write(VERSION_1);
    const before = schemaOf(path);
    await expect(Knowledge.open(path, { readOnly: true })).rejects.toMatchObject({
      code: 'knowledge_failed',
      message: expect.stringContaining('older Wattloop'),
    });
    expect(schemaOf(path)).toEqual(before);
  });
});

describe('a knowledge base of the second version', () => {
  it('is brought up to date with all that is in it', async () => {
    write(VERSION_2_SQL);
    const knowledge = await Knowledge.open(path);
    expect(knowledge.run('20260401-first')).toMatchObject({ workflow: 'pi', status: 'failed' });
    expect(knowledge.models()).toMatchObject([{ workflow: 'pi', kind: 'time', data: { terms: [1, 2] } }]);
    // What came later is there too.
    expect(knowledge.served.calls({ limit: 1 })).toEqual({ calls: [], next: undefined });
    knowledge.served.recordCalls(CallColumns.of([exampleCall(1)]));
    expect(knowledge.served.calls({ limit: 1 }).calls).toEqual([exampleCall(1)]);
    knowledge.close();
  });

  it('becomes what a new one is', async () => {
    write(VERSION_2_SQL);
    const fresh = freshPath();
    for (const each of [path, fresh]) (await Knowledge.open(each)).close();
    expect(schemaOf(path)).toEqual(schemaOf(fresh));
  });

  it('is left as it is by those who only read, who are told', async () => {
    write(VERSION_2_SQL);
    const before = schemaOf(path);
    await expect(Knowledge.open(path, { readOnly: true })).rejects.toMatchObject({
      message: expect.stringContaining('older Wattloop'),
    });
    expect(schemaOf(path)).toEqual(before);
  });
});

describe('what is not ours', () => {
  it.each([
    ['of a later Wattloop', `${VERSION_1} PRAGMA user_version = 99;`, /version 99.*up to \d/],
    ["another program's", 'CREATE TABLE bookmarks (url TEXT);', /another program's database/],
    ["another program's with a version", 'PRAGMA user_version = 1;', /another program's database/],
    ["another program's with a name", 'PRAGMA application_id = 7;', /another program's database/],
  ])('a database %s is refused and left as it is', async (_, sql, message) => {
    write(sql);
    const before = readFileSync(path);
    await expect(Knowledge.open(path)).rejects.toMatchObject({
      code: 'knowledge_failed',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('Nothing was changed'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
