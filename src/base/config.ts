import type { z } from 'zod';
import { closest, ErrorCode, WattloopError } from '../errors/index.js';
import { refusal } from './refusal.js';
import { readSettingsFile, type SettingsFile, type Tree } from './settings-file.js';
import { settingFromText, settingPaths } from './settings-schema.js';
import type { TranslatedSettings } from './translated-settings.js';

const ENVIRONMENT_PREFIX = 'WATTLOOP_';

/** What the command of a workflow's stage is told, which may be `wattloop` itself. No settings. */
const STAGE_ENVIRONMENT = [
  'WATTLOOP_INPUTS',
  'WATTLOOP_PARAMETERS',
  'WATTLOOP_OUTPUT',
  'WATTLOOP_OUTPUT_BYTES',
  'WATTLOOP_OUTPUTS',
  'WATTLOOP_WORK',
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
  /** Settings of a file in another form, whose lines `place` tells; undefined for one that is written in ours. */
  readonly translate?: (tree: Tree, place: SettingsFile['place']) => TranslatedSettings | undefined;
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
  const translated = file && input.translate?.(file.tree, file.place);
  const tree: Tree = translated?.settings ?? file?.tree ?? {};
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
  const { message, remedy } = issue
    ? refusal(issue, tree, leaves, { origins, file, translated })
    : { message: 'settings', remedy: undefined };
  throw new WattloopError(ErrorCode.badConfiguration, message, {
    ...(remedy !== undefined && { remedy }),
    cause: result.error,
  });
}
