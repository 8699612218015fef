import { Session } from 'node:inspector';
import type { TextPlace } from './text-lines.js';

/** What can be given where a function is wanted, whatever its parameters. */
export type AnyFunction = (...parameters: never) => unknown;

/** Where the engine found the text of a function: a script that it has loaded, and where in it its parameters begin. */
export interface FunctionPlace extends TextPlace {
  readonly scriptId: string;
}

interface Property {
  readonly name: string;
  readonly value?: { readonly value?: unknown };
}

/** The engine itself, asked as a debugger would ask it: nobody else knows where a function comes from. */
class Engine {
  readonly #session = new Session();
  /** How the engine is shown a value of ours. */
  readonly #slot = Symbol.for('wattloop.function');

  constructor() {
    this.#session.connect();
  }

  post(method: string, parameters: object = {}): Record<string, unknown> {
    // Sessions of one's own thread answer before they return.
    let answer: Record<string, unknown> = {};
    let failure: Error | null = null;
    this.#session.post(method, parameters, (error: Error | null, result?: object) => {
      failure = error;
      answer = { ...result };
    });
    if (failure !== null) throw failure;
    return answer;
  }

  properties(fn: AnyFunction): readonly Property[] {
    const global: Record<symbol, unknown> = globalThis as never;
    global[this.#slot] = fn;
    try {
      const objectGroup = 'wattloop';
      const expression = `globalThis[Symbol.for(${JSON.stringify(this.#slot.description)})]`;
      const { result } = this.post('Runtime.evaluate', { expression, objectGroup });
      const { objectId } = result as { objectId: string };
      const { internalProperties } = this.post('Runtime.getProperties', { objectId, ownProperties: true });
      this.post('Runtime.releaseObjectGroup', { objectGroup });
      return (internalProperties ?? []) as Property[];
    } finally {
      delete global[this.#slot];
    }
  }

  /** Looks through all scripts that are loaded, which takes some 20 ms. */
  script(scriptId: string): { url: string; text: string } | undefined {
    let url: string | undefined;
    const listen = ({ params }: { params: { scriptId: string; url: string } }): void => {
      if (params.scriptId === scriptId) url = params.url;
    };
    this.#session.on('Debugger.scriptParsed', listen);
    try {
      this.post('Debugger.enable');
      const { scriptSource } = this.post('Debugger.getScriptSource', { scriptId });
      return url === undefined ? undefined : { url, text: String(scriptSource) };
    } finally {
      this.#session.off('Debugger.scriptParsed', listen);
      this.post('Debugger.disable');
    }
  }
}

let engine: Engine | undefined;
const theEngine = (): Engine => {
  engine ??= new Engine();
  return engine;
};

/** Where the text of a function stands; undefined for native functions and where the engine can't be asked. */
export function placeOfFunction(fn: AnyFunction): FunctionPlace | undefined {
  try {
    const found = theEngine()
      .properties(fn)
      .find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
    if (typeof found !== 'object' || found === null) return undefined;
    const { scriptId, lineNumber, columnNumber } = found as Record<string, unknown>;
    return { scriptId: String(scriptId), line: Number(lineNumber), column: Number(columnNumber) };
  } catch {
    return undefined;
  }
}

/** A script that is loaded: whence, and the text as it runs. */
export function loadedScript(scriptId: string): { url: string; text: string } | undefined {
  try {
    return theEngine().script(scriptId);
  } catch {
    return undefined;
  }
}
