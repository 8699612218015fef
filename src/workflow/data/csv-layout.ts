import { closest, ErrorCode, WattloopError } from '../../base/index.js';
import { COLUMN_TYPES } from './columns.js';
import { csvHeader } from './csv-rows.js';
import type { ChunkFormat } from './input-part.js';
import { RecordStarts } from './record-starts.js';
import type { FileSpec } from './sources.js';

/** A first record that is longer is none: a quote is open, or the file is no CSV. */
const LONGEST_HEADER_BYTES = 1024 * 1024;

type CsvSpec = Extract<FileSpec, { source: 'csv' }>;

/** How a CSV file is to be read, and where its data begins. */
export interface CsvLayout {
  readonly format: Extract<ChunkFormat, { format: 'csv' }>;
  readonly contentStart: number;
}

const wrong = (where: string, what: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `${where}: ${what}`, { remedy });

/** Reads the header, from the pieces of a file that begins with `first`. */
export async function csvLayout(
  spec: CsvSpec,
  pieces: AsyncIterable<Uint8Array>,
  mark: number,
  where: string,
): Promise<CsvLayout> {
  checkSpec(spec, where);
  if (spec.header) return layout(spec, spec.header, mark, where);
  let text = Buffer.alloc(0);
  for await (const piece of pieces) {
    text = Buffer.concat([text, piece]);
    const dataStart = afterFirstRecord(text, mark);
    if (dataStart !== undefined) return withHeader(spec, text.subarray(mark, dataStart), dataStart, where);
    if (text.length > LONGEST_HEADER_BYTES) {
      throw wrong(
        where,
        'its first record does not end within 1 MiB',
        'Check that it is a CSV file and that no quote is left open',
      );
    }
  }
  return withHeader(spec, text.subarray(mark), text.length, where);
}

/** Where the record after the first one begins that is not an empty line; undefined where more bytes are needed. */
function afterFirstRecord(text: Buffer, mark: number): number | undefined {
  const scan = new RecordStarts(mark);
  for (let from = mark; from < text.length; ) {
    const at = scan.next(text.subarray(from), from + 1);
    if (at === undefined) return undefined;
    if (/[^\r\n]/.test(text.toString('latin1', from, at))) return at;
    from = at;
  }
  return undefined;
}

async function withHeader(
  spec: CsvSpec,
  first: Buffer,
  contentStart: number,
  where: string,
): Promise<CsvLayout> {
  return layout(spec, await csvHeader(first.toString('utf8'), spec.delimiter, where), contentStart, where);
}

function layout(spec: CsvSpec, header: readonly string[], contentStart: number, where: string): CsvLayout {
  checkHeader(spec, header, where);
  const { delimiter, columns, multiline } = spec;
  const cut = multiline ? 'records' : 'lines';
  return { format: { format: 'csv', delimiter, header, cut, ...(columns ? { columns } : {}) }, contentStart };
}

function checkSpec({ delimiter, columns }: CsvSpec, where: string): void {
  if (delimiter === '' || /["\r\n]/.test(delimiter)) {
    throw wrong(
      where,
      `${JSON.stringify(delimiter)} can't lie between fields`,
      'Give a delimiter such as "," ";" or "\\t"',
    );
  }
  for (const [name, type] of Object.entries(columns ?? {})) {
    if (COLUMN_TYPES.includes(type)) continue;
    throw wrong(
      where,
      `column "${name}" can't be made "${type}"`,
      `Did you mean "${closest(type, COLUMN_TYPES)}"? Known: ${COLUMN_TYPES.join(', ')}`,
    );
  }
}

function checkHeader({ columns }: CsvSpec, header: readonly string[], where: string): void {
  if (header.length === 0) throw wrong(where, 'there is no header', 'Is the file empty?');
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined)
    throw wrong(
      where,
      `two columns are named "${twice}"`,
      'Give them names of their own, with the option "header" if need be',
    );
  for (const name of Object.keys(columns ?? {})) {
    if (!header.includes(name)) {
      throw wrong(
        where,
        `there is no column "${name}" among ${header.join(', ')}`,
        `Did you mean "${closest(name, header)}"?`,
      );
    }
  }
}
