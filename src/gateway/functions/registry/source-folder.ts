import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.js';

const LETTERS = 16;

/** A handler that came as text. */
export interface HandlerSource {
  readonly text: string;
  /** Ending of the file that it would stand in: `.ts`. */
  readonly ending: string;
}

/** Handlers that came as text: files of ours, named by what is in them. */
export class SourceFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that has it. */
  async write(name: string, { text, ending }: HandlerSource): Promise<string> {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, LETTERS);
    const path = join(this.#folder, name, `handler-${hash}${ending}`);
    if (!existsSync(path)) await writeDurably(path, text, { mode: 0o600 });
    return path;
  }

  names(): Promise<string[]> {
    return readdir(this.#folder).catch(() => []);
  }

  /** Removes all of a function but the handler that is served. */
  async tidy(name: string, handler: string | undefined): Promise<void> {
    const folder = join(this.#folder, name);
    const files = (await readdir(folder).catch(() => [])).map((file) => join(folder, file));
    const spare = files.filter((file) => file !== handler);
    if (files.length > 0 && spare.length === files.length) await rm(folder, { recursive: true, force: true });
    else await Promise.all(spare.map((file) => rm(file, { force: true })));
  }
}
