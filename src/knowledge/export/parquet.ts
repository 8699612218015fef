import type { BasicType } from 'hyparquet-writer';
import type { Cell, Column, ColumnKind } from './flat-row.js';
import type { Rows, Write } from './writer.js';

const TYPES: Readonly<Record<ColumnKind, BasicType>> = {
  text: 'STRING',
  number: 'DOUBLE',
  integer: 'INT64',
  boolean: 'BOOLEAN',
};

/** Rows that are held at once, and that stand together in the file. */
const ROW_GROUP = 5_000;

const value = (kind: ColumnKind, cell: Cell): unknown =>
  kind === 'integer' && typeof cell === 'number' ? BigInt(Math.round(cell)) : (cell ?? null);

async function* objects(columns: readonly Column[], rows: Rows): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows)
    yield Object.fromEntries(columns.map(({ name, kind }) => [name, value(kind, row.get(name))]));
}

/** Row group by row group, so that memory does not grow with the number of rows. */
export async function writeParquet(columns: readonly Column[], rows: Rows, write: Write): Promise<void> {
  const { ByteWriter, parquetWriteRows } = await import('hyparquet-writer');
  const writer = new ByteWriter();
  const flush = (): void => {
    // The buffer is used again for the next group; `offset` goes on counting.
    write(new Uint8Array(writer.buffer.slice(0, writer.index)));
    writer.index = 0;
  };
  await parquetWriteRows({
    writer: Object.assign(writer, { flush, finish: flush }),
    rows: objects(columns, rows),
    columns: columns.map(({ name, kind }) => ({ name, type: TYPES[kind], nullable: true })),
    rowGroupSize: ROW_GROUP,
    createdBy: 'wattloop',
  });
}
