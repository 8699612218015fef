import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { ErrorCode, messageOf, shownPath, WattloopError } from '../../../base/index.js';
import type { Described, Description } from '../described.js';
import { Misdescribed } from '../spec/misdescribed.js';
import { checkFunctionName } from '../spec/name.js';
import type { EntryCode } from '../stack/code-of-entry.js';
import { entrySpec } from '../stack/entry-spec.js';
import { readStack, STACK_NAMES, type Stack, type StackContext } from '../stack/read-stack.js';
import { substitute } from '../stack/substitute.js';
import { YamlText } from '../stack/yaml-text.js';
import { findHandler, isModule } from './find-handler.js';
import { insideOf, isBelow } from './inside.js';

const DESCRIPTIONS = ['function.yml', 'function.yaml'];
/** What stands in folders beside functions. Names with a dot or an underscore in front belong to whoever wrote the functions. */
const PASSED_OVER = /^[._]|^node_modules$/;
/** Programs that may stand in a function's folder as what it runs, besides one of its own name. */
const PROGRAMS = ['handler', 'run'];

/** The functions of a folder: of its stack.yml, and of the modules, programs and folders in it. */
export function scanFolder(folder: string, context: StackContext): Description {
  const problems = new Map<string, WattloopError>();
  const stack = stackOf(folder, context, problems);
  const found = new Map<string, Described>();
  for (const one of stack.functions) found.set(one.name, one);
  const isTaken = (path: string): boolean =>
    stack.functions.some(({ uses }) => uses.some((used) => isBelow(path, used)));
  const entries = entriesOf(folder);
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const described = isTaken(path) ? undefined : describe(folder, entry, names, context);
    if (described === undefined) continue;
    const other = found.get(described.name);
    if (other === undefined) found.set(described.name, described);
    // A stack.yml says how what stands beside it is meant.
    else if (!stack.functions.includes(other)) problems.set(path, twice(described, other));
  }
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  return { functions: [...found.values()], problems, folders, warnings: stack.warnings };
}

function stackOf(folder: string, context: StackContext, problems: Map<string, WattloopError>): Stack {
  const path = STACK_NAMES.map((name) => join(folder, name)).find(isThere);
  try {
    if (path !== undefined) return readStack(insideOf(folder, basename(path)), context);
  } catch (error) {
    problems.set(path ?? folder, asProblem(error, folder));
  }
  return { functions: [], warnings: [] };
}

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const isFunction = ({ name }: Dirent): boolean => !PASSED_OVER.test(name) && !STACK_NAMES.includes(name);
    return entries.filter(isFunction).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new WattloopError(
      ErrorCode.badInput,
      `the folder of functions can't be read: ${messageOf(error)}`,
      {
        remedy: 'Name a folder that is there, or a stack.yml',
        cause: error,
      },
    );
  }
}

/** The function that an entry of the folder is; undefined where it is none. */
function describe(
  root: string,
  entry: Dirent,
  names: ReadonlySet<string>,
  context: StackContext,
): Described | undefined {
  const path = join(root, entry.name);
  const place = shownPath(path);
  const name = stem(entry.name);
  try {
    const real = insideOf(root, entry.name);
    const stats = statSync(real);
    if (stats.isDirectory()) return describeFolder(real, entry.name, context);
    const code = stats.isFile() ? codeOfFile(root, real, (stats.mode & 0o111) !== 0) : undefined;
    if (code === undefined) return undefined;
    checkFunctionName(name);
    const options = [`${name}.yml`, `${name}.yaml`].find((file) => names.has(file));
    return withOptions(name, place, options, { root, code, context });
  } catch (error) {
    return { name, place, uses: [path], problem: asProblem(error, path) };
  }
}

function codeOfFile(root: string, path: string, isExecutable: boolean): EntryCode | undefined {
  if (isModule(path)) return { code: { kind: 'handler', handler: path }, folder: root, handler: path };
  if (!isExecutable || extname(path) === '.yml' || extname(path) === '.yaml') return undefined;
  return { code: { kind: 'process', command: [path] }, folder: root, handler: path };
}

function describeFolder(folder: string, name: string, context: StackContext): Described | undefined {
  const place = shownPath(folder);
  const options = DESCRIPTIONS.find((file) => isThere(join(folder, file)));
  try {
    const code = codeOfFolder(folder, name);
    // Any other folder: of pictures, of what modules share.
    if (code === undefined && options === undefined) return undefined;
    checkFunctionName(name);
    const described = withOptions(name, place, options, { root: folder, code, context });
    return { ...described, uses: [folder, ...described.uses] };
  } catch (error) {
    return { name, place, uses: [folder], problem: asProblem(error, folder) };
  }
}

function codeOfFolder(folder: string, name: string): EntryCode | undefined {
  const handler = findHandler(folder);
  if (handler !== undefined) return { code: { kind: 'handler', handler }, folder, handler };
  const names = readdirSync(folder).filter((file) => [name, ...PROGRAMS].includes(stem(file)));
  const program = names.sort().find((file) => isProgram(join(folder, file)));
  if (program === undefined) return undefined;
  const path = insideOf(folder, program);
  return { code: { kind: 'process', command: [path] }, folder, handler: path };
}

/** A function with the options that a YAML file has for it, if there is one. */
function withOptions(
  name: string,
  place: string,
  file: string | undefined,
  found: { readonly root: string; readonly code: EntryCode | undefined; readonly context: StackContext },
): Described {
  const { root, code, context } = found;
  const judged = { name, folder: root, defaults: context.defaults, otherwise: () => code };
  if (file === undefined) return { name, place, ...entrySpec({}, judged) };
  const real = insideOf(root, file);
  const yaml = YamlText.parse(real, readFileSync(real, 'utf8'), (text) => substitute(text, context.env));
  try {
    const described = entrySpec(yaml.value() || {}, judged);
    return { name, place, spec: described.spec, uses: [...described.uses, real] };
  } catch (error) {
    const { path, message, remedy } = Misdescribed.of(error, []);
    throw yaml.refuse(path, message, remedy);
  }
}

/** The name of what a file describes. */
const stem = (file: string): string => file.slice(0, file.length - extname(file).length);

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function isProgram(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
}

const twice = (one: Described, other: Described): WattloopError =>
  new WattloopError(ErrorCode.badInput, `${one.place}: function "${one.name}" is ${other.place} already`, {
    remedy: 'Rename one of them',
  });

/** An error that names the file. */
function asProblem(error: unknown, path: string): WattloopError {
  if (error instanceof WattloopError && error.message.includes(shownPath(path))) return error;
  const { message, remedy } = Misdescribed.of(error, []);
  return new WattloopError(ErrorCode.badInput, `${shownPath(path)}: ${message}`, {
    ...(remedy !== undefined && { remedy }),
    cause: error,
  });
}
