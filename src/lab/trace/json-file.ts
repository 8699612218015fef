import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { messageOf, systemCode } from '../../base/index.js';
import { badFile } from './csv/problem.js';

/** A JSON file that was read, and where its keys stand, for messages. */
export interface JsonFile {
  readonly value: unknown;
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Undefined where there is no such file. */
export async function readJson(path: string): Promise<JsonFile | undefined> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw badFile(path, undefined, messageOf(error), 'Make it a file that you may read, or remove it');
  }
  try {
    return { value: JSON.parse(text), lineOf: (at) => lineOfKey(text, at) };
  } catch (error) {
    const message = messageOf(error);
    // The parser may quote the text around the fault: the line says that better.
    const why = `it is no JSON: ${message.replace(/, (\.\.\.)?"[\s\S]*$/, '')}`;
    throw badFile(path, lineOfFault(text, message), why, 'Mend it, or remove the file');
  }
}

/** The first thing that the schema has against the file. */
export function refused(path: string, file: JsonFile, error: z.ZodError): Error {
  const [issue] = error.issues;
  const at = issue?.path ?? [];
  const name = at.length === 0 ? 'it' : at.map(String).join('.');
  return badFile(path, file.lineOf(at), `${name}: ${issue?.message}`, 'Mend it, or leave the key out');
}

/** So many characters before the fault are quoted by the parser, after an ellipsis. */
const QUOTED_BEFORE = 10;

/** The parser tells the place of a fault in its message, as a number or by quoting what is around it, if at all. */
function lineOfFault(text: string, message: string): number | undefined {
  const lineAt = (offset: number): number => text.trimEnd().slice(0, offset).split('\n').length;
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return lineAt(Number(position));
  if (/unexpected end/i.test(message)) return lineAt(text.length);
  const [, token = '', ellipsis, around = ''] =
    /^Unexpected token '(.+?)', (\.\.\.)?"([\s\S]*?)"(?:\.\.\.)? is not valid JSON$/.exec(message) ?? [];
  const at = text.indexOf(around);
  if (token === '' || at < 0) return undefined;
  return lineAt(at + (ellipsis === undefined ? Math.max(0, around.indexOf(token)) : QUOTED_BEFORE));
}

/** JSON is YAML, whose parser remembers places. It is asked only when something is wrong. */
function lineOfKey(text: string, path: readonly PropertyKey[]): number | undefined {
  const lines = new LineCounter();
  let node: unknown = parseDocument(text, { lineCounter: lines }).contents;
  let offset: number | undefined;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!isScalar(pair?.key)) break;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
