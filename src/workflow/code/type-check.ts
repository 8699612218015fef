import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ErrorCode, messageOf, shownPath, WattloopError } from '../../base/index.js';
import { OWN_PACKAGE, ownTypes } from './bundle/own-package.js';

export interface TypeCheckOptions {
  /** After so many seconds the check is given up, and left out. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

export type TypeCheck =
  | { readonly checked: true; readonly seconds: number; readonly errors: readonly TypeError[] }
  /** It could not be done here, which is no fault of the workflow. */
  | { readonly checked: false; readonly reason: string };

/** One complaint of the compiler. */
export interface TypeError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `TS2322`. */
  readonly code: string;
  readonly message: string;
}

const TYPED = new Set(['.ts', '.mts', '.cts', '.tsx']);
const SHOWN = 5;
const DEFAULT_TIMEOUT_SECONDS = 60;
/**
 * Types that were left out. Without a project of the user's, what is told is what would stop the workflow, not style; the
 * compiler must look for them all the same, as it takes an empty list for one of nothing otherwise.
 */
const OF_STYLE = /^TS70\d\d$/;

/** Has TypeScript check a workflow file, where a TypeScript is installed beside it or beside us. */
export async function typeCheck(file: string, options: TypeCheckOptions = {}): Promise<TypeCheck> {
  const path = resolve(file);
  const no = (reason: string): TypeCheck => ({ checked: false, reason });
  if (!TYPED.has(extname(path))) return no('it is JavaScript');
  const compiler = compilerFor(path);
  if (compiler === undefined) return no('no package "typescript" is installed');
  const nodeTypes = packageFolder('@types/node', path);
  if (nodeTypes === undefined) return no('no package "@types/node" is installed');
  const folder = await mkdtemp(join(tmpdir(), 'wattloop-types-'));
  try {
    const project = join(folder, 'tsconfig.json');
    await writeFile(project, JSON.stringify(projectFor(path, dirname(nodeTypes))));
    const startedAt = performance.now();
    const output = await compile(compiler, ['-p', project, '--pretty', 'false'], folder, options);
    const seconds = (performance.now() - startedAt) / 1e3;
    const isStrict = nearestProject(dirname(path)) !== undefined;
    const errors = complaints(output, folder).filter(({ code }) => isStrict || !OF_STYLE.test(code));
    // The compiler's own settings are wrong: of the workflow that says nothing.
    const [, ofProject] = /^(?:.*\.json\(\d+,\d+\): )?error (TS\d+: .*)$/m.exec(output) ?? [];
    return ofProject === undefined ? { checked: true, seconds, errors } : no(ofProject);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return no(messageOf(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Refuses a workflow file with type errors: the first of them, with file and line. */
export function refuseTypeErrors({ errors }: { readonly errors: readonly TypeError[] }): void {
  if (errors.length === 0) return;
  const lines = errors
    .slice(0, SHOWN)
    .map(
      ({ file, line, column, code, message }) => `${shownPath(file)}:${line}:${column}: ${message} (${code})`,
    );
  const more = errors.length > SHOWN ? [`and ${errors.length - SHOWN} more type errors`] : [];
  throw new WattloopError(ErrorCode.badInput, [...lines, ...more].join('\n'));
}

/** The folder of a package, seen from the workflow first and then from here. */
function packageFolder(name: string, path: string): string | undefined {
  for (const from of [pathToFileURL(path).href, import.meta.url]) {
    for (const folder of createRequire(from).resolve.paths(name) ?? []) {
      if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
    }
  }
  return undefined;
}

/** The compiler itself: a program of its own since TypeScript 7, a script before. */
function compilerFor(path: string): string[] | undefined {
  const folder = packageFolder('typescript', path);
  if (folder === undefined) return undefined;
  // Through its script it would take another 50 ms.
  const native = join(
    folder,
    '..',
    '@typescript',
    `typescript-${process.platform}-${process.arch}`,
    'lib',
    'tsc',
  );
  if (existsSync(native)) return [native];
  const script = join(folder, 'bin', 'tsc');
  return existsSync(script) ? [process.execPath, script] : undefined;
}

function projectFor(path: string, typeRoot: string): object {
  const own = nearestProject(dirname(path));
  const defaults = { target: 'es2023', lib: ['es2023'], strict: true };
  const knowsUs = canFindUs(path) || (own !== undefined && /"paths"\s*:/.test(readFileSync(own, 'utf8')));
  return {
    ...(own === undefined ? {} : { extends: own }),
    compilerOptions: {
      ...(own === undefined ? defaults : {}),
      ...(knowsUs ? {} : { paths: ownTypes() }),
      // As the bundler reads it.
      module: 'preserve',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      skipLibCheck: true,
      noEmit: true,
      incremental: false,
      composite: false,
      rootDir: null,
      outDir: null,
      typeRoots: [typeRoot],
      types: ['node'],
    },
    files: [path],
    include: [],
    references: [],
  };
}

function nearestProject(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'tsconfig.json');
    if (existsSync(file)) return file;
    if (at === dirname(at)) return undefined;
  }
}

/** Whether the workflow finds this package by itself. */
function canFindUs(path: string): boolean {
  const isInside = OWN_PACKAGE !== undefined && path.startsWith(join(OWN_PACKAGE.folder, '/'));
  if (isInside) return true;
  const folders = createRequire(path).resolve.paths('wattloop') ?? [];
  return folders.some((folder) => existsSync(join(folder, 'wattloop', 'package.json')));
}

function compile(
  [program = '', ...first]: readonly string[],
  rest: readonly string[],
  cwd: string,
  { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, signal }: TypeCheckOptions,
): Promise<string> {
  return new Promise((done, fail) => {
    const settings = {
      cwd,
      timeout: timeoutSeconds * 1e3,
      maxBuffer: 2 ** 26,
      ...(signal ? { signal } : {}),
    };
    execFile(program, [...first, ...rest], settings, (error, stdout) => {
      // It exits with 1 or 2 where it found errors.
      if (error?.killed) fail(new Error(`it took longer than ${timeoutSeconds} s`));
      else if (error && (typeof error.code !== 'number' || stdout === '')) fail(error);
      else done(stdout);
    });
  });
}

const COMPLAINT = /^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$/;

/** `wf.ts(3,5): error TS2322: …`; lines that are indented go on with the one before. */
function complaints(output: string, folder: string): TypeError[] {
  const found: TypeError[] = [];
  for (const line of output.split('\n')) {
    const [, file = '', row, column, code = '', message = ''] = COMPLAINT.exec(line) ?? [];
    if (file !== '') {
      found.push({ file: resolve(folder, file), line: Number(row), column: Number(column), code, message });
    }
  }
  return found;
}
