import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { closest, ErrorCode, shownPath, WattloopError } from '../../../base/index.js';
import { CODE_ENDINGS } from './own-place.js';

/** What a module is to whoever bundles it: for messages. */
export interface ModuleWords {
  /** `A workflow`. */
  readonly what: string;
  /** Names, without ending, that such a module mostly has in a folder of its own. */
  readonly usualNames: readonly string[];
}

/** Refuses what can't be a module, and says what was likely meant. */
export function checkModuleFile(path: string, words: ModuleWords): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw missingFile(path);
  const remedy = `${words.what} is a file that ends in ${CODE_ENDINGS.join(', ')}`;
  if (stat.isDirectory()) throw isFolder(path, words.usualNames, remedy);
  if (CODE_ENDINGS.includes(extname(path))) return;
  throw new WattloopError(ErrorCode.badInput, `${shownPath(path)} is no TypeScript or JavaScript file`, {
    remedy,
  });
}

function missingFile(path: string): WattloopError {
  const folder = dirname(path);
  const names = listIfAny(folder);
  const near = names && closest(basename(path), names.filter(isCode));
  const what = names ? `there is no file ${shownPath(path)}` : `there is no folder ${shownPath(folder)}`;
  return new WattloopError(
    ErrorCode.badInput,
    what,
    near === undefined ? {} : { remedy: `Did you mean ${near}?` },
  );
}

function isFolder(path: string, usualNames: readonly string[], otherwise: string): WattloopError {
  const files = (listIfAny(path) ?? []).filter(isCode);
  const isUsual = (name: string): boolean => usualNames.includes(name.slice(0, name.indexOf('.')));
  const likely = files.find(isUsual) ?? (files.length === 1 ? files[0] : undefined);
  return new WattloopError(ErrorCode.badInput, `${shownPath(path)} is a folder`, {
    remedy: likely === undefined ? otherwise : `Did you mean ${shownPath(join(path, likely))}?`,
  });
}

const isCode = (name: string): boolean => CODE_ENDINGS.includes(extname(name));

function listIfAny(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
