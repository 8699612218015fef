import { types } from 'node:util';
import { serialize } from 'node:v8';

/** What can't be stored within a value, and where it is. */
export interface Unserialisable {
  /** `.items[3].callback`; empty where it is the value itself. */
  readonly path: string;
  /** `a function`. */
  readonly what: string;
  readonly remedy: string;
}

/** A value on the way from the root, as a list from its end, so that many can share their beginnings. */
interface Step {
  readonly value: unknown;
  readonly name: string;
  readonly parent: Step | undefined;
}

const DATA =
  'Return data: numbers, text, objects, arrays, Maps, Sets, Dates, bytes. Everything else must stay in the function';

const isContainer = (value: object): boolean =>
  Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isNativeError(value);

function canBeCloned(value: unknown): boolean {
  try {
    serialize(value);
    return true;
  } catch {
    return false;
  }
}

/** Why a value can't be stored, whatever is in it; undefined where that depends on what is in it. */
function offence(value: unknown): { what: string; remedy: string } | undefined {
  if (typeof value === 'function')
    return { what: value.name ? `a function (${value.name})` : 'a function', remedy: DATA };
  if (typeof value === 'symbol') return { what: `a symbol (${String(value)})`, remedy: DATA };
  if (typeof value !== 'object' || value === null) return undefined;
  if (types.isPromise(value)) return { what: 'a promise', remedy: 'Await it' };
  if (types.isProxy(value))
    return { what: 'a proxy', remedy: 'Copy it into an object of its own: { ...it }' };
  if (isContainer(value)) return undefined;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  // An ordinary object is what is in it; of the others each must be asked.
  const isOrdinary = tag === 'Object' && Object.keys(value).length > 0;
  if (isOrdinary || canBeCloned(value)) return undefined;
  const name = tag === 'Object' ? (Object.getPrototypeOf(value)?.constructor?.name ?? tag) : tag;
  return { what: /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`, remedy: DATA };
}

const keyName = (key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
const shortly = (key: unknown): string => {
  const text =
    typeof key === 'string'
      ? JSON.stringify(key)
      : String(typeof key === 'object' ? typeof key : String(key));
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

function* children(parent: Step): Generator<Step> {
  const { value } = parent;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (types.isMap(value)) {
    let index = 0;
    for (const [key, item] of value) {
      yield { value: key, name: `.keys()[${index++}]`, parent };
      yield { value: item, name: `.get(${shortly(key)})`, parent };
    }
  } else if (types.isSet(value)) {
    let index = 0;
    for (const item of value) yield { value: item, name: `.values()[${index++}]`, parent };
  } else {
    for (const key of Object.keys(value)) {
      const name = Array.isArray(value) && /^\d+$/.test(key) ? `[${key}]` : keyName(key);
      yield { value: (value as Record<string, unknown>)[key], name, parent };
    }
  }
}

function pathOf(step: Step): string {
  const names: string[] = [];
  for (let at: Step | undefined = step; at; at = at.parent) names.push(at.name);
  return names.reverse().join('');
}

/** Finds what it is that makes a value unfit to be stored. Without recursion, as a value may be nested very deeply. */
export function findUnserialisable(root: unknown): Unserialisable | undefined {
  const seen = new Set<unknown>();
  const stack: Iterator<Step>[] = [[{ value: root, name: '', parent: undefined }].values()];
  while (stack.length > 0) {
    const next = stack.at(-1)?.next();
    if (!next || next.done) {
      stack.pop();
      continue;
    }
    const step: Step = next.value;
    if (seen.has(step.value)) continue;
    const found = offence(step.value);
    if (found) return { path: pathOf(step), ...found };
    if (typeof step.value !== 'object' || step.value === null) continue;
    seen.add(step.value);
    stack.push(children(step));
  }
  return undefined;
}
