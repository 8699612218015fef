import type { z } from 'zod';
import { closest } from '../errors/index.js';
import type { SettingsFile, Tree } from './settings-file.js';
import type { Leaf } from './settings-schema.js';
import type { TranslatedSettings } from './translated-settings.js';

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    tree,
  );
}

function unknownKey(at: readonly string[], key: string, leaves: readonly Leaf[]): string {
  const siblings = new Set(
    leaves
      .filter(({ path }) => at.every((part, index) => path[index] === part))
      .flatMap(({ path }) => path[at.length] ?? []),
  );
  // The right name in the wrong place is likelier than a slip of the fingers.
  const elsewhere = leaves.find(({ path }) => path.at(-1) === key);
  // So is a name without its unit.
  const begun = [...siblings].find((name) => name.startsWith(`${key}_`));
  const similar = begun ?? closest(key, siblings);
  const near = elsewhere?.path ?? (similar === undefined ? undefined : [...at, similar]);
  const hint = near === undefined ? '' : ` (did you mean "${near.join('.')}"?)`;
  return `unknown setting "${[...at, key].join('.')}"${hint}`;
}

function explain(issue: z.core.$ZodIssue, tree: Tree, leaves: readonly Leaf[], name: string): string {
  if (issue.code === 'unrecognized_keys')
    return unknownKey(issue.path.map(String), issue.keys[0] ?? '', leaves);
  const value = valueAt(tree, issue.path);
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const allowed = issue.values.map(String);
    return `${name}: "${value}" is none of ${allowed.join(', ')} (did you mean "${closest(value, allowed)}"?)`;
  }
  return `${name}: ${issue.message}`;
}

/** What a map by dotted paths has for a setting, or for the nearest that contains it. */
function nearest<T>(map: ReadonlyMap<string, T>, path: readonly PropertyKey[]): T | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = map.get(path.slice(0, length).map(String).join('.'));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is wrong, where it was written: by a flag or the environment, else in the file, under the name it has there. */
export function refusal(
  issue: z.core.$ZodIssue,
  tree: Tree,
  leaves: readonly Leaf[],
  written: {
    readonly origins: ReadonlyMap<string, string>;
    readonly file: SettingsFile | undefined;
    readonly translated: TranslatedSettings | undefined;
  },
): { readonly message: string; readonly remedy?: string | undefined } {
  const { origins, file, translated } = written;
  const name = issue.path.map(String).join('.');
  const origin = nearest(origins, issue.path);
  if (origin !== undefined) return { message: `${origin}: ${explain(issue, tree, leaves, name)}` };
  const key = translated && nearest(translated.origins, issue.path);
  if (key !== undefined && file !== undefined) {
    const known = key.path.join('.');
    const what = key.problem === undefined ? explain(issue, tree, leaves, known) : `${known}: ${key.problem}`;
    return { message: `${file.place(key.path)}: ${what}`, remedy: key.remedy };
  }
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const place = file?.place(issue.path, unknown) ?? 'settings';
  return { message: `${place}: ${explain(issue, tree, leaves, name)}` };
}
