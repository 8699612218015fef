import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextPlace } from './text-lines.js';

/** A place in a file that someone wrote: line and column from 1, as editors count. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What stands there was called so; absent where it has kept its name. */
  readonly name?: string;
}

/** Empty where nothing is known of a place; the types of Node.js leave the name out. */
interface MapEntry {
  readonly originalSource?: string;
  readonly originalLine?: number;
  readonly originalColumn?: number;
  readonly name?: string;
}

/** Tells where in the user's files what stands in a generated file comes from. */
export class GeneratedFile {
  readonly #map: SourceMap;
  readonly #folder: string;

  /** Paths in the map are seen from the folder of the generated file. */
  constructor(path: string, map: string) {
    // Node.js parses it as it needs it; its type says less than the format has.
    this.#map = new SourceMap(JSON.parse(map));
    this.#folder = dirname(path);
  }

  origin({ line, column }: TextPlace): SourcePlace | undefined {
    const entry: MapEntry = this.#map.findEntry(line, column);
    const { originalSource, originalLine, originalColumn, name } = entry;
    if (originalSource === undefined || originalLine === undefined || originalColumn === undefined)
      return undefined;
    const file = originalSource.startsWith('file:')
      ? fileURLToPath(originalSource)
      : resolve(this.#folder, originalSource);
    return { file, line: originalLine + 1, column: originalColumn + 1, ...(name ? { name } : {}) };
  }
}

/** The map that a text carries in its last comment. */
export function inlineMap(text: string): string | undefined {
  const data = text.slice(text.lastIndexOf('//# sourceMappingURL='));
  const base64 = /^\/\/# sourceMappingURL=data:application\/json;(?:charset=[^;,]*;)?base64,([\w+/=]+)/.exec(
    data,
  )?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString();
}
