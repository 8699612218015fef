import { existsSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { closest } from './closest.js';
import { ErrorCode, messageOf, WattloopError } from './errors.js';

/** The settings file that is read from the working folder when no other is named. */
export const DEFAULT_CONFIG_FILE = 'wattloop.yaml';
const ENVIRONMENT_PREFIX = 'WATTLOOP_';

type Tree = { [key: string]: unknown };

export interface ConfigInput {
  /** A settings file that must exist; without it `wattloop.yaml` in the working folder is read where there is one. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings given as flags, by dotted path (`agent.listen`); undefined values are flags that were not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

interface Leaf {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/** Every setting that the schema knows, with its path. */
export function settingPaths(schema: z.ZodType, path: readonly string[] = []): Leaf[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [{ path, schema }];
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
    settingPaths(value, [...path, key]),
  );
}

const environmentName = (path: readonly string[]): string =>
  ENVIRONMENT_PREFIX + path.join('_').toUpperCase();

/** Text from the environment as the setting wants it: numbers, booleans and comma-separated lists. */
function fromText(text: string, schema: z.ZodType): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray)
    return text.split(',').map((item) => fromText(item.trim(), inner.element as z.ZodType));
  if (inner instanceof z.ZodNumber && text.trim() !== '') return Number(text);
  if (inner instanceof z.ZodBoolean && /^(true|false|1|0)$/i.test(text)) return /^(true|1)$/i.test(text);
  return text;
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const child = tree[head];
  const branch: Tree =
    typeof child === 'object' && child !== null && !Array.isArray(child) ? (child as Tree) : {};
  tree[head] = branch;
  put(branch, rest, value);
}

function readFile(input: ConfigInput): { name: string; tree: Tree } | undefined {
  const name = input.file ?? DEFAULT_CONFIG_FILE;
  if (input.file === undefined && !existsSync(name)) return undefined;
  const fail = (why: string, cause?: unknown): never => {
    throw new WattloopError(ErrorCode.badConfiguration, `${name}: ${why}`, {
      remedy: 'See docs/configuration.md for every setting',
      cause,
    });
  };
  let text = '';
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    fail(messageOf(error), error);
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem) fail(`line ${problem.linePos?.[0].line ?? '?'}: ${problem.message.split('\n')[0]}`, problem);
  const tree: unknown = document.toJS() ?? {};
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    fail('must hold settings as "key: value"');
  return { name, tree: structuredClone(tree) as Tree };
}

function explain(issue: z.core.$ZodIssue, leaves: readonly Leaf[]): string {
  const at = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return `${at.join('.')}: ${issue.message}`;
  const key = issue.keys[0] ?? '';
  const siblings = new Set(
    leaves
      .filter((leaf) => at.every((part, index) => leaf.path[index] === part))
      .map((leaf) => leaf.path[at.length] ?? ''),
  );
  const everywhere = leaves.find((leaf) => leaf.path.at(-1) === key);
  const near = everywhere ? everywhere.path.join('.') : [...at, closest(key, siblings)].join('.');
  return `unknown setting "${[...at, key].join('.')}" (did you mean "${near}"?)`;
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
  const file = readFile(input);
  const tree: Tree = file?.tree ?? {};
  const origin = new Map<string, string>();

  const byName = new Map(leaves.map((leaf) => [environmentName(leaf.path), leaf]));
  for (const [name, text] of Object.entries(input.env ?? {})) {
    if (!name.startsWith(ENVIRONMENT_PREFIX) || text === undefined) continue;
    const leaf = byName.get(name);
    if (!leaf) {
      throw new WattloopError(ErrorCode.badConfiguration, `environment: unknown setting ${name}`, {
        remedy: `Did you mean ${closest(name, byName.keys())}?`,
      });
    }
    put(tree, leaf.path, fromText(text, leaf.schema));
    origin.set(leaf.path.join('.'), `environment ${name}`);
  }
  for (const [path, value] of Object.entries(input.flags ?? {})) {
    if (value === undefined) continue;
    put(tree, path.split('.'), value);
    origin.set(path, 'flag');
  }

  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue ? (origin.get(issue.path.join('.')) ?? file?.name ?? 'settings') : 'settings';
  throw new WattloopError(
    ErrorCode.badConfiguration,
    `${where}: ${issue ? explain(issue, leaves) : 'invalid'}`,
    {
      cause: result.error,
    },
  );
}
