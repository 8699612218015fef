import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ErrorCode, messageOf, shownPath, WattloopError } from '../../../base/index.js';
import type { GatewaySettings } from '../../../model/index.js';
import type { Described } from '../described.js';
import { Misdescribed } from '../spec/misdescribed.js';
import { checkFunctionName } from '../spec/name.js';
import { entrySpec } from './entry-spec.js';
import { schemaProblem } from './schema-problem.js';
import { STACK_KEYS, stackSchema } from './stack-schema.js';
import { substitute } from './substitute.js';
import { YamlText } from './yaml-text.js';

export interface StackContext {
  readonly defaults: GatewaySettings['defaults'];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Stack {
  readonly functions: readonly Described[];
  readonly warnings: readonly string[];
}

/** Names under which a stack is looked for in a folder. */
export const STACK_NAMES = ['stack.yml', 'stack.yaml'];

/** The functions of a stack.yml. Throws a WattloopError where the whole can't be understood; a function alone tells of itself. */
export function readStack(path: string, { defaults, env }: StackContext): Stack {
  const missing = new Set<string>();
  const yaml = YamlText.parse(path, textOf(path), (text) =>
    substitute(text, env, (name) => missing.add(name)),
  );
  const functions = Object.entries(framed(yaml)).map(([name, value]): Described => {
    const at = ['functions', name];
    try {
      checkFunctionName(name);
      const context = { name, folder: dirname(path), defaults, otherwise: () => undefined };
      return { name, place: `${shownPath(path)}: ${name}`, ...entrySpec(value, context) };
    } catch (error) {
      const { path: below, message, remedy } = Misdescribed.of(error, []);
      const problem = yaml.refuse([...at, ...below], message, remedy);
      return { name, place: `${shownPath(path)}: ${name}`, uses: [], problem };
    }
  });
  const warnings = Array.from(
    missing,
    (name) => `${shownPath(path)}: the variable ${name} is not set: nothing is put in`,
  );
  return { functions, warnings };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new WattloopError(ErrorCode.badInput, `${shownPath(path)} can't be read: ${messageOf(error)}`, {
      remedy: 'Name a stack.yml, or a folder of functions',
      cause: error,
    });
  }
}

/** The functions, as yet unread. */
function framed(yaml: YamlText): Readonly<Record<string, unknown>> {
  const value = yaml.value();
  if (value === null || value === undefined || value === '') return {};
  const result = stackSchema.safeParse(withoutExtras(value));
  if (result.success) return result.data.functions ?? {};
  const { path, message, remedy } = schemaProblem(result.error, stackSchema);
  throw yaml.refuse(path, message, remedy ?? `A stack has ${STACK_KEYS.join(', ')}`);
}

/** Keys for anchors (`x-…`) hold what others refer to. */
function withoutExtras(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));
}
