import { existsSync, readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { ErrorCode, messageOf, WattloopError } from '../errors/index.js';

/** The settings file that is read from the working folder when no other is named. */
export const DEFAULT_CONFIG_FILE = 'wattloop.yaml';

export type Tree = { [key: string]: unknown };

export interface SettingsFile {
  readonly name: string;
  readonly tree: Tree;
  /** `FILE, line N` of a setting, as near as the file tells. */
  place(path: readonly PropertyKey[], key?: string): string;
}

/** The named file, which must exist, or else the default one where there is one. */
export function readSettingsFile(name: string | undefined): SettingsFile | undefined {
  const path = name ?? DEFAULT_CONFIG_FILE;
  if (name === undefined && !existsSync(path)) return undefined;
  const lines = new LineCounter();
  let document: Document;
  let tree: unknown;
  try {
    document = parseDocument(readFileSync(path, 'utf8'), { prettyErrors: false, lineCounter: lines });
  } catch (error) {
    throw unusable(path, messageOf(error), error);
  }
  const [problem] = document.errors;
  if (problem)
    throw unusable(`${path}, line ${lines.linePos(problem.pos[0]).line}`, problem.message, problem);
  try {
    tree = document.toJS() ?? {};
  } catch (error) {
    throw unusable(path, messageOf(error), error);
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw unusable(path, 'must hold settings as "key: value"');
  return {
    name: path,
    tree: withoutNulls(tree as Tree),
    place: (at, key) => {
      const line = lineOf(document, lines, at, key);
      return line === undefined ? path : `${path}, line ${line}`;
    },
  };
}

function unusable(where: string, why: string, cause?: unknown): WattloopError {
  return new WattloopError(ErrorCode.badConfiguration, `${where}: ${why}`, {
    remedy: 'See docs/configuration.md for every setting',
    cause,
  });
}

/** A key without a value, as is left when all below it is commented out, is a setting that was not given. */
function withoutNulls(tree: Tree): Tree {
  const entries = Object.entries(tree).map(([key, value]) => {
    if (value === null) return [key, undefined];
    const isTree = typeof value === 'object' && !Array.isArray(value);
    return [key, isTree ? withoutNulls(value as Tree) : value];
  });
  return Object.fromEntries(entries);
}

/** The line of the setting, or of the nearest that contains it. */
function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
  key?: string,
): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of key === undefined ? path : [...path, key]) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
    if (pair === undefined) break;
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
