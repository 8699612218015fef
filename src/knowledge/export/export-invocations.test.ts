import { parse } from 'csv-parse';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Knowledge } from '../knowledge.js';
import { anyInvocation } from '../testing/any-invocation.js';
import { exampleInvocation } from '../testing/example-invocation.js';
import { freshPath } from '../testing/folder.js';
import { type ExportFormat, exportInvocations } from './export-invocations.js';

let knowledge: Knowledge;

beforeEach(async () => {
  knowledge = await Knowledge.open(freshPath());
  knowledge.beginRun({ id: 'run-1', workflow: 'pi' });
});

afterEach(() => knowledge.close());

async function exported(format: ExportFormat, runs: readonly string[] = ['run-1']): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const count = await exportInvocations(knowledge, {
    runs,
    format,
    write: (piece) => pieces.push(Buffer.from(piece)),
  });
  expect(count).toBe(runs.reduce((sum, run) => sum + knowledge.countInvocations(run), 0));
  return Buffer.concat(pieces);
}

type Flat = Record<string, unknown>;

const json = async (runs?: readonly string[]): Promise<Flat[]> =>
  JSON.parse((await exported('json', runs)).toString());

async function parquet(runs?: readonly string[]): Promise<Flat[]> {
  const { buffer, byteOffset, byteLength } = new Uint8Array(await exported('parquet', runs));
  const file = buffer.slice(byteOffset, byteOffset + byteLength);
  const rows = await parquetReadObjects({ file });
  // Whole numbers of 64 bits come back as BigInt.
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
    ),
  );
}

async function csv(runs?: readonly string[]): Promise<Record<string, string>[]> {
  const text = (await exported('csv', runs)).toString();
  return parse(text, { columns: true, record_delimiter: '\r\n', trim: false }).toArray();
}

describe('a row', () => {
  it('is flat and says its units', async () => {
    knowledge.record(exampleInvocation('run-1', 3));
    const [row] = await json();
    expect(row).toMatchObject({
      run: 'run-1',
      workflow: 'pi',
      stage: 'sample',
      partition: 3,
      status: 'done',
      error_message: null,
      cpu: 1,
      memory_mib: 256,
      workers: 8,
      cold: false,
      started_unix_seconds: 1_700_000_000.25,
      wall_seconds: 1.25,
      cold_start_seconds: null,
      read_seconds: 0.125,
      compute_seconds: 1,
      write_cpu_seconds: 0.0625,
      cpu_model: 'Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz',
      cpu_limit: 'cgroup-v2',
      log: null,
      perf_power_package_joules: 4.75,
      perf_power_package_idle_joules: 2.375,
      perf_power_package_node_joules: 19,
      perf_power_package_provenance: 'measured',
      perf_power_package_uncertainty: 0.05,
      compute_perf_power_package_joules: 4,
      rusage_context_switches: 12,
    });
    // A counter that nobody read has no column.
    expect(row).not.toHaveProperty('rusage_cycles');
  });
});

describe('an export', () => {
  it('tells the same in every format, whatever was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyInvocation('run-1'), { maxLength: 4 }), async (all) => {
        knowledge.close();
        knowledge = await Knowledge.open(freshPath());
        knowledge.beginRun({ id: 'run-1', workflow: 'pi' });
        for (const invocation of all) knowledge.record(invocation);
        // UTF-8 has no halves of characters: they are replaced.
        const whole = (value: unknown): unknown =>
          typeof value === 'string' ? Buffer.from(value).toString() : value;
        const rows = (await json()).map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, whole(value)])),
        );
        expect(rows).toHaveLength(all.length);
        expect(await parquet()).toEqual(rows);
        const texts = rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')])),
        );
        expect(await csv()).toEqual(texts);
      }),
      { numRuns: 40 },
    );
  });

  it('puts several runs one after another, with the columns of all', async () => {
    knowledge.beginRun({ id: 'run-2', workflow: 'words' });
    knowledge.record(exampleInvocation('run-1', 0));
    knowledge.record(exampleInvocation('run-2', 0, { energies: [], phases: [], usage: [] }));
    for (const rows of [await json(['run-2', 'run-1']), await parquet(['run-2', 'run-1'])]) {
      expect(rows.map(({ workflow }) => workflow)).toEqual(['words', 'pi']);
      expect(rows.map((row) => row.perf_power_package_joules)).toEqual([null, 4.75]);
    }
  });

  it('of a run without invocations is empty and whole', async () => {
    expect(await json()).toEqual([]);
    expect(await parquet()).toEqual([]);
    expect((await exported('csv')).toString()).toMatch(/^run,workflow,stage,[^\r\n]*\r\n$/);
  });

  it('writes Parquet group by group', async () => {
    for (let i = 0; i < 12_000; i++) knowledge.record(exampleInvocation('run-1', i));
    const { buffer, byteOffset, byteLength } = new Uint8Array(await exported('parquet'));
    const metadata = parquetMetadata(buffer.slice(byteOffset, byteOffset + byteLength));
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([5_000, 5_000, 2_000]);
    const rows = await parquet();
    expect(rows.map(({ partition }) => partition)).toEqual(
      Array.from({ length: 12_000 }, (_, index) => index),
    );
  });

  it('ends when it is told to', async () => {
    for (let i = 0; i < 2_000; i++) knowledge.record(exampleInvocation('run-1', i));
    const controller = new AbortController();
    let rows = 0;
    const write = (): void => {
      if (++rows === 3) controller.abort();
    };
    await expect(
      exportInvocations(knowledge, { runs: ['run-1'], format: 'csv', write, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(rows).toBeLessThan(1_000);
  });
});
