import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';
import type { SourceObject } from '../data/sources.js';

/** Where a command may put its result: in one of these. */
export interface OutputPaths {
  /** JSON. */
  readonly json: string;
  /** Bytes. */
  readonly bytes: string;
  /** Files in a folder, which is there already. */
  readonly folder: string;
}

export const outputPaths = (scratch: string): OutputPaths => ({
  json: join(scratch, 'output.json'),
  bytes: join(scratch, 'output.bin'),
  folder: join(scratch, 'output'),
});

/** What a command printed; undefined where that was too much to keep. */
export type Printed = string | undefined;

/**
 * A command's result: what is in `output.json`, or the bytes of `output.bin`, or the files of `output/`, and where it wrote none of
 * them what it printed, read as JSON. One that printed nothing has no result.
 */
export async function readOutput(paths: OutputPaths, printed: Printed, command: string): Promise<unknown> {
  const json = await readIfAny(paths.json);
  const bytes = await readIfAny(paths.bytes);
  const files = await readFolder(paths.folder);
  const written = [json && 'output.json', bytes && 'output.bin', files.length > 0 && 'output/'].filter(
    Boolean,
  );
  if (written.length > 1) {
    throw new WattloopError(
      ErrorCode.badInput,
      `${command} wrote its result twice: in ${written.join(' and ')}`,
      {
        remedy: 'Write one of them',
      },
    );
  }
  if (json) return parsed(json.toString('utf8'), `${command} wrote no JSON to output.json`);
  if (bytes) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (files.length > 0) return files;
  if (printed === undefined) {
    throw new WattloopError(ErrorCode.badInput, `${command} printed too much for a result`, {
      remedy: 'Write the result to the file that $WATTLOOP_OUTPUT names',
    });
  }
  return printed.trim() === ''
    ? undefined
    : parsed(printed, `${command} wrote no result, and what it printed is no JSON`);
}

async function readIfAny(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function readFolder(folder: string): Promise<SourceObject[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: SourceObject[] = [];
  for (const path of paths.sort()) {
    const bytes = await readFile(path);
    files.push({
      name: path.slice(folder.length + 1),
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    });
  }
  return files;
}

function parsed(text: string, otherwise: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${otherwise}: ${messageOf(error)}`, {
      remedy:
        'Write the result as JSON to the file that $WATTLOOP_OUTPUT names; other text belongs on stderr',
      cause: error,
    });
  }
}
