import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ErrorCode, WattloopError } from '../../base/index.js';
import type { InputPart } from '../data/input-part.js';
import { csvText } from './csv-text.js';
import { jsonText } from './json-text.js';

/** What kind of file an input is given as. */
export type InputFormat =
  | { readonly as: 'json' | 'text' | 'lines' | 'bytes' | 'files' }
  | { readonly as: 'csv'; readonly header: readonly string[] };

const EXTENSIONS = { json: 'json', text: 'txt', lines: 'txt', csv: 'csv', bytes: 'bin' } as const;

/**
 * How an input is given that comes from such a part: what was lines is lines again, and what was a table a table. A chunk may
 * be empty, and its value alone would not tell. Undefined where the value decides.
 */
export function inputFormat(part: InputPart): InputFormat | undefined {
  if (part.kind === 'objects') return { as: 'files' };
  if (part.kind !== 'chunk') return undefined;
  const { format } = part;
  if (format.format !== 'csv') return { as: format.format };
  return { as: 'csv', header: format.columns ? Object.keys(format.columns) : format.header };
}

const isFile = (value: unknown): value is { name: string; bytes: Uint8Array } =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'bytes' in value &&
  value.bytes instanceof Uint8Array;

const isListOf = <T>(value: unknown, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.length > 0 && value.every(is);
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isFolder = (value: unknown): value is { name: string; bytes: Uint8Array }[] => isListOf(value, isFile);

/** The format of a value of which nothing else is known. */
export function formatOf(value: unknown): InputFormat {
  if (value instanceof Uint8Array) return { as: 'bytes' };
  if (typeof value === 'string') return { as: 'text' };
  const isFiles = isListOf(value, isFile) || isListOf(value, isBytes) || isListOf(value, isFolder);
  return { as: isFiles ? 'files' : 'json' };
}

/** Writes an input into a folder: as `NAME.json`, `.txt`, `.csv` or `.bin`, or as a folder `NAME` of files. */
export async function writeInput(
  folder: string,
  name: string,
  value: unknown,
  format: InputFormat,
): Promise<void> {
  if (!/^[\w-][\w.-]*$/.test(name)) {
    throw new WattloopError(ErrorCode.badInput, `input "${name}" can't be named so: it becomes a file`, {
      remedy: 'Use letters, digits, _, - and .',
    });
  }
  const path = join(folder, name);
  if (format.as === 'files') return writeFiles(path, value);
  await writeFile(`${path}.${EXTENSIONS[format.as]}`, content(value, format, name));
}

function content(value: unknown, format: InputFormat, name: string): string | Uint8Array {
  switch (format.as) {
    case 'bytes':
      return value instanceof Uint8Array ? value : jsonText(value, name);
    case 'text':
      return String(value);
    case 'lines':
      return Array.isArray(value) ? value.map((line) => `${line}\n`).join('') : String(value);
    case 'csv':
      return csvText(Array.isArray(value) ? value : [], format.header);
    default:
      return jsonText(value, name);
  }
}

/** Files under their names; bytes without a name under their numbers; folders of files under theirs. */
async function writeFiles(path: string, value: unknown): Promise<void> {
  await mkdir(path, { recursive: true });
  const list = Array.isArray(value) ? value : [];
  const width = String(Math.max(0, list.length - 1)).length;
  for (const [index, item] of list.entries()) {
    // With leading zeros, so that they are in order by name.
    const number = String(index).padStart(width, '0');
    if (isFile(item)) await writeNamed(path, item.name, item.bytes);
    else if (isBytes(item)) await writeFile(join(path, `${number}.bin`), item);
    else await writeFiles(join(path, number), item);
  }
}

async function writeNamed(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
    throw new WattloopError(
      ErrorCode.badInput,
      `${JSON.stringify(name)} is no name of a file within a folder`,
    );
  }
  const path = join(folder, ...parts);
  if (parts.length > 1) await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
