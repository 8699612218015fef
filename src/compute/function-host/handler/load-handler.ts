import { pathToFileURL } from 'node:url';
import type { FunctionConfig, FunctionHandler } from './handler-api.js';

export interface LoadedHandler {
  readonly handle: FunctionHandler;
  readonly config: FunctionConfig;
}

const NAMES = ['default', 'handler', 'handle'];

/** Imports a handler's module; throws an Error that says what is wrong with it. */
export async function loadHandler(path: string): Promise<LoadedHandler> {
  const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  // A CommonJS module is the default export; bundlers wrap it once more.
  const places = [module, module.default, property(module.default, 'default')];
  const handle = [
    ...places.flatMap((place) => NAMES.map((name) => property(place, name))),
    module.default,
  ].find(isHandler);
  if (handle === undefined) {
    throw new TypeError(
      `${path} exports no function: a handler is "export default", "export const handler" or "module.exports"`,
    );
  }
  const config = places.map((place) => property(place, 'config')).find((value) => typeof value === 'object');
  return { handle, config: checkedConfig(config ?? {}, path) };
}

function property(place: unknown, name: string): unknown {
  const holds = (typeof place === 'object' && place !== null) || typeof place === 'function';
  return holds ? (place as Readonly<Record<string, unknown>>)[name] : undefined;
}

const isHandler = (value: unknown): value is FunctionHandler => typeof value === 'function';

const BODIES: readonly unknown[] = ['auto', 'bytes', 'stream'];

function checkedConfig(config: object, path: string): FunctionConfig {
  const { body = 'auto', maxBodyMib = 64 } = config as Partial<FunctionConfig>;
  if (!BODIES.includes(body)) {
    throw new TypeError(`${path}: config.body is ${JSON.stringify(body)}, not "auto", "bytes" or "stream"`);
  }
  if (typeof maxBodyMib !== 'number' || !(maxBodyMib > 0)) {
    throw new TypeError(`${path}: config.maxBodyMib must be a number above 0`);
  }
  return { body, maxBodyMib };
}
