import { resolve } from 'node:path';
import type { BuildFailure, Location, Message } from 'esbuild';
import { ErrorCode, messageOf, shownPath, WattloopError } from '../../../base/index.js';
import { prefixLength } from './own-place.js';

function shownLocation({ file, line, column, lineText }: Location): { at: string; excerpt: string } {
  const skipped = prefixLength(lineText);
  const text = lineText.slice(skipped);
  const at = Math.max(0, column - skipped);
  // A tab is as wide in the line of the mark as in the line above it.
  const indent = text.slice(0, at).replace(/[^\t]/g, ' ');
  return { at: `${shownPath(resolve(file))}:${line}:${at + 1}`, excerpt: `\n  ${text}\n  ${indent}^` };
}

/** One complaint of esbuild: where, what, and the line of which it speaks. */
export function shownMessage({ text, location }: Message): string {
  if (!location) return text;
  const { at, excerpt } = shownLocation(location);
  return `${at}: ${text}${excerpt}`;
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

/** At most so many complaints are shown: the first is mostly the cause of the others. */
const SHOWN = 5;

/** What esbuild threw, as an error that names file, line and column. */
export function bundleError(error: unknown, what: string): WattloopError {
  if (!isBuildFailure(error) || error.errors.length === 0) {
    return new WattloopError(ErrorCode.bundleFailed, `${what} can't be bundled: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const { errors } = error;
  const more = errors.length > SHOWN ? [`and ${errors.length - SHOWN} more`] : [];
  const lines = [...errors.slice(0, SHOWN).map(shownMessage), ...more];
  const missing = errors.flatMap(({ text }) => /^Could not resolve "([^"]+)"/.exec(text)?.[1] ?? []);
  const [name] = missing;
  return new WattloopError(ErrorCode.bundleFailed, lines.join('\n'), {
    cause: error,
    ...(name === undefined ? {} : { remedy: remedyForMissing(name) }),
  });
}

function remedyForMissing(name: string): string {
  if (/^[./]/.test(name)) return `There is no such file: correct the path "${name}"`;
  const parts = name.split('/').slice(0, name.startsWith('@') ? 2 : 1);
  return `Install the package: npm install ${parts.join('/')}`;
}
