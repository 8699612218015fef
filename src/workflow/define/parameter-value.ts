import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Json } from './json.js';

const kindOf = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;

/** Refuses a value that is of another kind than the parameter's own one, as it would fail deep in the work. */
export function checkParameter(workflow: string, name: string, given: Json, usual: Json): void {
  const [is, shouldBe] = [kindOf(given), kindOf(usual)];
  if (usual === null || is === shouldBe) return;
  throw new WattloopError(
    ErrorCode.badInput,
    `parameter "${name}" of the workflow "${workflow}" is a ${shouldBe}, not a ${is} (${JSON.stringify(given)})`,
    { remedy: `Give it as --param ${name}=${JSON.stringify(usual)}` },
  );
}

/** A value as it is written on a command line: JSON where it is that, else a text. */
export function parameterFromText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return /^[+-]?(\d+_?)+$/.test(text) ? Number(text.replaceAll('_', '')) : text;
  }
}
