import { readFileSync } from 'node:fs';
import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';

const STDIN = 0;

/** What `--body` means: `-` is standard input, the name of a file is its content, `@FILE` a file that must be there, anything else itself. */
export function requestBody(text: string): Uint8Array {
  if (text === '-') return readFileSync(STDIN);
  const path = text.startsWith('@') ? text.slice(1) : text;
  try {
    return readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    const isNoFile = code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR' || code === undefined;
    if (!text.startsWith('@') && isNoFile) return Buffer.from(text);
    throw new WattloopError(ErrorCode.badUsage, `could not read the body ${path}: ${messageOf(error)}`, {
      remedy: 'Name a file that you may read, or give the text itself',
      cause: error,
    });
  }
}
