import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HandlerContext } from '../../compute/index.js';
import { type ObjectStore, openStorage } from '../../storage/index.js';
import { inParallel } from '../data/in-parallel.js';
import { deserialise, serialise } from '../data/serialise.js';
import { type Argument, INLINE_BYTES, type Part } from './part.js';
import type { FunctionContext, FunctionPayload, Session } from './payload.js';

type GivenFunction = (argument: unknown, context: FunctionContext) => unknown;

// Stacks name the files that people wrote; it must be so before a bundle is imported.
process.setSourceMapsEnabled(true);

/** One call of a function, in a worker. */
export async function handle(payload: unknown, context: HandlerContext): Promise<Part> {
  const { module, exportName, argument, resultKey, session } = payload as FunctionPayload;
  const fn = await functionOf(module, exportName);
  const given = await readArgument(argument, (part) => readPart(part, session, context));
  context.phase('compute');
  const { task, signal } = context;
  const value = await fn(given, { index: task.partition, attempt: task.attempt, signal });
  const bytes = serialise(value, '', 'the result');
  if (bytes.length <= INLINE_BYTES) return { inline: bytes };
  context.phase('write');
  await (await storeOf(session)).put(resultKey, bytes);
  context.countWritten(bytes.length);
  return { key: resultKey };
}

async function readArgument(argument: Argument, read: (part: Part) => Promise<unknown>): Promise<unknown> {
  if ('parts' in argument) return inParallel(argument.parts, read);
  if (!('partsKey' in argument)) return read(argument);
  const parts = (await read({ key: argument.partsKey })) as readonly Part[];
  return inParallel(parts, read);
}

async function readPart(part: Part, session: string, context: HandlerContext): Promise<unknown> {
  if ('inline' in part) return deserialise(part.inline);
  context.phase('read');
  const bytes = await (await storeOf(session)).get(part.key);
  context.countRead(bytes.length);
  return deserialise(bytes);
}

/** Modules are kept by Node.js itself: this asks it once. */
const functions = new Map<string, Promise<GivenFunction>>();

function functionOf(module: string, exportName: string): Promise<GivenFunction> {
  const key = `${module}\n${exportName}`;
  const known = functions.get(key) ?? load(module, exportName);
  functions.set(key, known);
  return known;
}

async function load(module: string, exportName: string): Promise<GivenFunction> {
  const { [exportName]: fn } = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  if (typeof fn !== 'function') throw new TypeError(`what was given is no function but ${typeof fn}`);
  return fn as GivenFunction;
}

const stores = new Map<string, Promise<ObjectStore>>();

function storeOf(session: string): Promise<ObjectStore> {
  const known = stores.get(session) ?? open(session);
  stores.set(session, known);
  return known;
}

function open(session: string): Promise<ObjectStore> {
  const { storage, dataDir } = JSON.parse(readFileSync(session, 'utf8')) as Session;
  return openStorage(storage, { dataDir });
}
