import { ErrorCode, shownPath, WattloopError } from '../../base/index.js';
import type { WrittenBundle } from './bundle/write-bundle.js';
import { type Closure, findClosures } from './find-closures.js';
import { type AnyFunction, placeOfFunction } from './function-place.js';
import { GeneratedFile } from './source-map.js';
import { TextLines } from './text-lines.js';

/** A function of a bundle that is to run in another process. */
export interface NamedFunction {
  /** As errors name it: `stage "sample"`, `shuffle key of stage "count"`. */
  readonly name: string;
  readonly fn: AnyFunction;
}

const PASS =
  "Pass it in the stage's parameters or inputs: a function runs in another process, without what stands around it";

/** Refuses functions without a text of their own, which no other process can be told of. */
export function sourceOf(fn: AnyFunction, name: string): string {
  const source = fn.toString();
  if (/^class\b/.test(source)) {
    const remedy = 'Write a function that makes an object of it: (…) => new TheClass(…)';
    throw new WattloopError(ErrorCode.closure, `${name} is a class, not a function`, { remedy });
  }
  if (!/\{\s*\[native code\]\s*\}\s*$/.test(source)) return source;
  const what = fn.name.startsWith('bound ') ? 'a bound function' : `built into the language (${fn.name})`;
  const remedy = 'Write a function that calls it: (…) => theFunction(…)';
  throw new WattloopError(
    ErrorCode.closure,
    `${name} is ${what}, which has no text to send to another process`,
    { remedy },
  );
}

/** Refuses functions that use what does not go with them to another process, by the name of the variable. */
export function checkClosures(bundle: WrittenBundle, functions: Iterable<NamedFunction>): void {
  const lines = new TextLines(bundle.code);
  const travelling = Array.from(functions, ({ name, fn }) => ({
    name,
    source: sourceOf(fn, name),
    offset: () => {
      const place = placeOfFunction(fn);
      return place && lines.offsetOf(place);
    },
  }));
  const [first, ...others] = findClosures(bundle.code, travelling);
  if (!first) return;
  const file = new GeneratedFile(bundle.path, bundle.map);
  const told = [first, ...others].map((closure) => describe(closure, file, lines));
  throw new WattloopError(ErrorCode.closure, [...new Set(told)].join('; '), { remedy: PASS });
}

function describe(
  { function: name, variable, reason, declaredAt }: Closure,
  file: GeneratedFile,
  lines: TextLines,
): string {
  const origin = file.origin(lines.placeOf(declaredAt));
  const where = origin ? `, declared at ${shownPath(origin.file)}:${origin.line}:${origin.column}` : '';
  if (OWN_NAMES.has(variable)) return `${name} uses "${variable}" of the function around it`;
  const called = origin?.name ?? variable;
  return reason === 'enclosing'
    ? `${name} uses "${called}", a variable of the function or block around it${where}`
    : `${name} uses "${called}", which is changed after it got its first value${where}`;
}

const OWN_NAMES = new Set(['this', 'super', 'new.target', 'arguments']);
