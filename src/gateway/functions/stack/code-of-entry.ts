import { statSync } from 'node:fs';
import { findHandler, moduleAt } from '../folder/find-handler.js';
import { insideOf } from '../folder/inside.js';
import { commandOf } from '../spec/command-of.js';
import type { FunctionCode } from '../spec/description.js';
import { HANDLER_ANNOTATION } from '../spec/labels.js';
import { Misdescribed } from '../spec/misdescribed.js';
import type { FunctionEntry } from './stack-schema.js';

/** Languages, and templates of OpenFaaS, whose handlers are modules for Node.js: `node20`, `node22-debian`, `typescript`. */
const MODULE_LANGUAGE = /^(node|nodejs|typescript|javascript|ts|js)[\d.]*(-.*)?$/i;

export interface EntryCode {
  readonly code: FunctionCode;
  /** Where its processes run. */
  readonly folder: string;
  /** The file or folder that the entry names as its handler. */
  readonly handler: string | undefined;
}

/** What a described function does its work with; undefined where its description leaves that to the folder it stands in. */
export function codeOfEntry(
  entry: FunctionEntry,
  environment: Readonly<Record<string, string>> | undefined,
  folder: string,
): EntryCode | undefined {
  const { lang, image, skip_build: isBuilt } = entry;
  const named = entry.annotations?.[HANDLER_ANNOTATION];
  if (named !== undefined) return handlerCode([`annotations`, HANDLER_ANNOTATION], named, folder);
  const isModules = lang !== undefined && MODULE_LANGUAGE.test(lang);
  if (isModules && entry.handler !== undefined && !(isBuilt && image !== undefined)) {
    return handlerCode(['handler'], entry.handler, folder);
  }
  // With an image, the command is for the watchdog within.
  if (image !== undefined) return { code: { kind: 'image', image }, folder, handler: undefined };
  const command = commandOf(entry.fprocess, environment);
  if (command !== undefined) {
    const handler = entry.handler === undefined ? undefined : below(['handler'], entry.handler, folder);
    const isFolder = handler !== undefined && statSync(handler).isDirectory();
    return { code: { kind: 'process', command }, folder: isFolder ? handler : folder, handler };
  }
  if (lang !== undefined && !isModules) throw notServed(lang);
  return entry.handler === undefined ? undefined : handlerCode(['handler'], entry.handler, folder);
}

function handlerCode(path: readonly string[], name: string, folder: string): EntryCode {
  const named = withPlace(path, () => moduleAt(folder, name));
  const handler = statSync(named).isDirectory() ? (findHandler(named) ?? named) : named;
  return { code: { kind: 'handler', handler }, folder, handler };
}

const below = (path: readonly string[], name: string, folder: string): string =>
  withPlace(path, () => insideOf(folder, name));

function notServed(lang: string): Misdescribed {
  return new Misdescribed(
    ['lang'],
    `${JSON.stringify(lang)} is not built here`,
    'Build it and name its "image", or give its command with "fprocess"',
  );
}

/** What is wrong with a path, told by the key that has it. */
export function withPlace<T>(path: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw Misdescribed.of(error, path);
  }
}
