import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ErrorCode, shownPath, WattloopError } from '../../../base/index.js';
import { bundleError } from '../bundle/build-error.js';
import { writeBundle } from '../bundle/write-bundle.js';
import { sourceOf } from '../check-closures.js';
import { type AnyFunction, type FunctionPlace, placeOfFunction } from '../function-place.js';
import { parseModule } from '../parse.js';
import { analyse } from '../scope/analyse.js';
import { EXPORT_NAME, entryText } from './entry-text.js';
import { extract } from './extract.js';
import { type DefiningModule, definingModule } from './module-text.js';

/** A function that a module exports, told by where it is. */
export interface ExportedFunction {
  readonly module: URL | string;
  /** `default` when left out. */
  readonly name?: string;
}

export interface FunctionModuleOptions {
  /** Where bundles are written. */
  readonly folder: string;
  /** As errors name the function. */
  readonly name: string;
  /** Packages that stay outside the bundle, besides those that load native code. */
  readonly external?: readonly string[];
}

/** A function in a file of its own, with what it needs. */
export interface FunctionModule {
  readonly path: string;
  readonly exportName: string;
  readonly hash: string;
}

/** Bundles functions, each place in a script once. */
export class FunctionModules {
  readonly #byFunction = new WeakMap<AnyFunction | ExportedFunction, Promise<FunctionModule>>();
  readonly #byPlace = new Map<string, Promise<FunctionModule>>();

  get(given: AnyFunction | ExportedFunction, options: FunctionModuleOptions): Promise<FunctionModule> {
    // The engine is slow to say where a function comes from.
    const known = this.#byFunction.get(given);
    if (known !== undefined) return known;
    const module =
      typeof given === 'function' ? this.#inline(given, options) : this.#exported(given, options);
    this.#byFunction.set(given, module);
    return module;
  }

  #inline(fn: AnyFunction, options: FunctionModuleOptions): Promise<FunctionModule> {
    const place = placeOfFunction(fn);
    // What makes two functions of one place differ is what they may not use.
    const key = place ? `${place.scriptId}:${place.line}:${place.column}` : fn.toString();
    return this.#once(key, async () => inlineFunction(sourceOf(fn, options.name), place, options));
  }

  #exported(given: ExportedFunction, options: FunctionModuleOptions): Promise<FunctionModule> {
    return this.#once(`${String(given.module)}\n${given.name}`, () => exportedFunction(given, options));
  }

  #once(key: string, make: () => Promise<FunctionModule>): Promise<FunctionModule> {
    const known = this.#byPlace.get(key) ?? make();
    this.#byPlace.set(key, known);
    return known;
  }
}

async function inlineFunction(
  source: string,
  place: FunctionPlace | undefined,
  options: FunctionModuleOptions,
): Promise<FunctionModule> {
  const module = (await definingModule(place)) ?? ofNoFile(source);
  const parts = extract(module.analysis, module.found, options.name);
  return bundled(entryText(module, parts), module.file, options);
}

/** A function from a prompt or an eval: nothing but itself is known. */
function ofNoFile(source: string): DefiningModule {
  const asExpression = /^(async\s+)?(function|\()|=>/.test(source) ? source : undefined;
  const text = asExpression === undefined ? `({ ${source} })` : `(${source})`;
  const analysis = analyse(parseModule(text));
  const [found] = analysis.functions;
  if (!found) throw new WattloopError(ErrorCode.closure, 'the text of the function is none');
  return { file: resolve('function.js'), text, map: undefined, analysis, found };
}

async function exportedFunction(
  given: ExportedFunction,
  options: FunctionModuleOptions,
): Promise<FunctionModule> {
  const { module, name = 'default' } = given;
  const isUrl = module instanceof URL || module.startsWith('file:');
  const path = isUrl ? fileURLToPath(module) : resolve(module);
  if (!existsSync(path)) throw new WattloopError(ErrorCode.notFound, `there is no module ${shownPath(path)}`);
  const text = `export { ${JSON.stringify(name)} as ${EXPORT_NAME} } from ${JSON.stringify(path)};`;
  try {
    return await bundled(text, join(dirname(path), 'wattloop-entry.js'), options);
  } catch (error) {
    if (!(error instanceof WattloopError && error.message.includes('No matching export'))) throw error;
    throw new WattloopError(
      ErrorCode.notFound,
      `${shownPath(path)} exports nothing that is called "${name}"`,
    );
  }
}

async function bundled(
  contents: string,
  file: string,
  { folder, external, name }: FunctionModuleOptions,
): Promise<FunctionModule> {
  const stdin = { contents, resolveDir: dirname(file), sourcefile: file, loader: 'js' as const };
  try {
    const request = {
      folder: resolve(folder),
      home: file,
      entry: { stdin },
      ...(external ? { external } : {}),
    };
    const { path, hash } = await writeBundle(request);
    return { path, hash, exportName: EXPORT_NAME };
  } catch (error) {
    throw bundleError(error, name);
  }
}
