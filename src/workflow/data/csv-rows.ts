import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { type Columns, rowConverter } from './columns.js';
import { type CsvRow, regularRows } from './regular-csv.js';

/** What ends a record: Unix, Windows and old Macintosh, also mixed. Longest first. */
const RECORD_ENDS = ['\r\n', '\n', '\r'];

export interface CsvFormat {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly columns?: Columns;
}

/** The rows of whole records. `where` names the text in errors: `titanic.csv, from byte 1024`. */
export async function csvRows(
  text: string,
  { delimiter, header, columns }: CsvFormat,
  where: string,
): Promise<Record<string, unknown>[]> {
  const rows = regularRows(text, delimiter, header) ?? (await anyRows(text, delimiter, header, where));
  if (columns === undefined) return rows;
  const convert = rowConverter(columns);
  return rows.map((row, index) => convert(row, () => `${where}, row ${index + 1}`));
}

async function anyRows(
  text: string,
  delimiter: string,
  header: readonly string[],
  where: string,
): Promise<CsvRow[]> {
  const { parse } = await import('csv-parse/sync');
  try {
    return parse<CsvRow>(text, {
      delimiter,
      columns: [...header],
      record_delimiter: RECORD_ENDS,
      skip_empty_lines: true,
    });
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${where}: ${messageOf(error)}`, {
      remedy: 'Quote fields that contain the delimiter, quotes or line breaks, and double the quotes in them',
      cause: error,
    });
  }
}

/** The fields of the first record, which names the columns. */
export async function csvHeader(text: string, delimiter: string, where: string): Promise<string[]> {
  const { parse } = await import('csv-parse/sync');
  try {
    const [names = []]: string[][] = parse(text, {
      delimiter,
      record_delimiter: RECORD_ENDS,
      skip_empty_lines: true,
      to: 1,
    });
    return names;
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${where}: header: ${messageOf(error)}`, { cause: error });
  }
}
