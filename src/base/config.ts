import type { z } from 'zod';
import { closest, ErrorCode, WattloopError } from '../errors/index.js';
import { readSettingsFile, type SettingsFile, type Tree } from './settings-file.js';
import { type Leaf, settingFromText, settingPaths } from './settings-schema.js';

const ENVIRONMENT_PREFIX = 'WATTLOOP_';

/** What the command of a workflow's stage is told, which may be `wattloop` itself. No settings. */
const STAGE_ENVIRONMENT = [
  'WATTLOOP_INPUTS',
  'WATTLOOP_PARAMETERS',
  'WATTLOOP_OUTPUT',
  'WATTLOOP_OUTPUT_BYTES',
  'WATTLOOP_OUTPUTS',
  'WATTLOOP_PARTITION',
  'WATTLOOP_WORKERS',
] as const;
export type StageVariable = (typeof STAGE_ENVIRONMENT)[number];
const STAGE_VARIABLES = new Set<string>(STAGE_ENVIRONMENT);

export interface ConfigInput {
  /** A settings file that must exist; without it `wattloop.yaml` in the working folder is read where there is one. */
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings given as flags, by dotted path (`agent.listen`); undefined values are flags that were not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** How the user wrote a flag (`--listen`), by the same path: for messages. */
  readonly flagNames?: Readonly<Record<string, string>>;
}

/** The name of a setting in the environment. */
export const environmentName = (path: readonly string[]): string =>
  ENVIRONMENT_PREFIX + path.join('_').toUpperCase();

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const child = tree[head];
  const isTree = typeof child === 'object' && child !== null && !Array.isArray(child);
  const branch: Tree = isTree ? (child as Tree) : {};
  tree[head] = branch;
  put(branch, rest, value);
}

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

function explain(issue: z.core.$ZodIssue, tree: Tree, leaves: readonly Leaf[]): string {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return unknownKey(at, issue.keys[0] ?? '', leaves);
  const value = valueAt(tree, issue.path);
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const allowed = issue.values.map(String);
    return `${at.join('.')}: "${value}" is none of ${allowed.join(', ')} (did you mean "${closest(value, allowed)}"?)`;
  }
  return `${at.join('.')}: ${issue.message}`;
}

/** Where a setting came from that is wrong: the flag or the environment variable that set it, else the file. */
function originOf(
  issue: z.core.$ZodIssue,
  origins: ReadonlyMap<string, string>,
  file: SettingsFile | undefined,
): string {
  for (let length = issue.path.length; length > 0; length--) {
    const origin = origins.get(issue.path.slice(0, length).join('.'));
    if (origin !== undefined) return origin;
  }
  const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  return file?.place(issue.path, key) ?? 'settings';
}

/**
 * The settings in force: the schema's defaults, then the file, then the environment, then flags, each outweighing the
 * one before. A key that the schema does not know is an error that names the closest known one.
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  input: ConfigInput = {},
): z.output<Schema> {
  const leaves = settingPaths(schema);
  const file = readSettingsFile(input.file);
  const tree: Tree = file?.tree ?? {};
  const origins = new Map<string, string>();

  const byName = new Map(leaves.map((leaf) => [environmentName(leaf.path), leaf]));
  for (const [name, text] of Object.entries(input.env ?? {})) {
    // Set but empty is how container engines pass on a variable that is not set.
    if (!name.startsWith(ENVIRONMENT_PREFIX) || text === undefined || text === '') continue;
    if (STAGE_VARIABLES.has(name)) continue;
    const leaf = byName.get(name);
    if (!leaf) {
      throw new WattloopError(ErrorCode.badConfiguration, `environment: unknown setting ${name}`, {
        remedy: `Did you mean ${closest(name, byName.keys())}?`,
      });
    }
    put(tree, leaf.path, settingFromText(text, leaf.schema));
    origins.set(leaf.path.join('.'), `environment ${name}`);
  }
  for (const [path, value] of Object.entries(input.flags ?? {})) {
    if (value === undefined) continue;
    put(tree, path.split('.'), value);
    origins.set(path, input.flagNames?.[path] ?? 'flag');
  }

  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const message = issue ? `${originOf(issue, origins, file)}: ${explain(issue, tree, leaves)}` : 'settings';
  throw new WattloopError(ErrorCode.badConfiguration, message, { cause: result.error });
}
