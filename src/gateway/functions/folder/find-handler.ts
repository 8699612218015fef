import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { listIfAny } from '../../../base/index.js';
import { insideOf, pathInside } from './inside.js';

/** Endings of modules, the likelier ones first. */
const MODULE_ENDINGS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
const USUAL = ['handler', 'index'];

/** Declarations and tests are no functions. */
export const isModule = (name: string): boolean =>
  MODULE_ENDINGS.includes(extname(name)) && !/\.(d|test|spec)\.[cm]?[jt]s$/.test(name);

/**
 * The module of a function that has a folder: `handler.ts`, `index.ts`, or what its package.json calls `main`. Undefined
 * where there is none.
 */
export function findHandler(folder: string): string | undefined {
  const main = mainOf(folder);
  if (main !== undefined) return moduleAt(folder, main);
  const names = new Set(listIfAny(folder));
  for (const name of USUAL) {
    const ending = MODULE_ENDINGS.find((one) => names.has(name + one));
    if (ending !== undefined) return insideOf(folder, name + ending);
  }
  return undefined;
}

/** A module that is named with or without ending, or by its folder. Throws where there is none. */
export function moduleAt(folder: string, name: string): string {
  const named = pathInside(folder, name);
  const ending = isFile(named) ? '' : MODULE_ENDINGS.find((one) => isFile(named + one));
  const path = insideOf(folder, name + (ending ?? ''));
  if (!statSync(path).isDirectory()) return path;
  // The bundler says what is wrong with a folder that has no module.
  return findHandler(path) ?? path;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function mainOf(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('main' in manifest)) return undefined;
    return typeof manifest.main === 'string' && manifest.main !== '' ? manifest.main : undefined;
  } catch {
    return undefined;
  }
}
