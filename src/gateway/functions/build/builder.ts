import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, ErrorCode, shownPath, WattloopError } from '../../../base/index.js';
import { writeDurably } from '../durable-file.js';
import { Turns } from '../turns.js';
import { type BuildRecord, RECORD_NAME, readBuildRecord } from './build-record.js';
import { areUnchanged, marksOf, unsureMark, wasChangedBefore } from './fingerprint.js';

/** What was made of a handler. */
export interface Build {
  /** The bundle, an absolute path. */
  readonly module: string;
  readonly hash: string;
}

/** Names under which a module may export what answers calls. */
export const HANDLER_EXPORTS = ['default', 'handler', 'handle'] as const;

const WORDS = { what: 'A handler', usualNames: ['handler', 'index', 'main'] };
const MAKER = 'wattloop/1';
/** Bundles made at once: the bundler itself uses all processors. */
const AT_ONCE = 4;
/** The bundler's process goes when nothing was built for so long. */
const REST_SECONDS = 10;
/** Files that change how a module is read, though no module imports them. */
const GUIDES = ['package.json', 'tsconfig.json'];

/** Makes bundles of handlers, in `FOLDER/NAME/`, and remembers of what it made them. */
export class Builder {
  readonly #folder: string;
  readonly #clock: Clock;
  /** Waits for the time when the bundler isn't needed any more. */
  #rest: NodeJS.Timeout | undefined;
  readonly #records = new Map<string, BuildRecord>();
  readonly #turns = new Turns(AT_ONCE);

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Files of which a function was last built. */
  inputsOf(name: string): readonly string[] {
    return this.#records.get(name)?.inputs.map(([path]) => path) ?? [];
  }

  folderOf(name: string): string {
    return join(this.#folder, name);
  }

  /** The build of a handler as it is now; made only where there is none. Throws a WattloopError when it can't be made. */
  async build(name: string, handler: string): Promise<Build> {
    const kept = this.#records.get(name) ?? (await readBuildRecord(join(this.folderOf(name), RECORD_NAME)));
    const holds = kept !== undefined && (await this.#holds(name, kept, handler));
    const record = holds ? kept : await this.#turns.take(() => this.#make(name, handler));
    this.#records.set(name, record);
    return { module: join(this.folderOf(name), record.module), hash: record.hash };
  }

  /** Removes bundles of a function of which `isUsed` says that nobody uses them; all else of it too where none is left. */
  async tidy(name: string, isUsed: (module: string) => boolean): Promise<void> {
    const folder = this.folderOf(name);
    const files = await readdir(folder).catch(() => []);
    const bundles = files.filter((file) => file.endsWith('.mjs'));
    const spare = bundles.filter((file) => !isUsed(join(folder, file)));
    if (spare.length === bundles.length) {
      this.#records.delete(name);
      await rm(folder, { recursive: true, force: true });
    } else await Promise.all(spare.map((file) => rm(join(folder, file), { force: true })));
  }

  /** Functions of which there is something. */
  names(): Promise<string[]> {
    return readdir(this.#folder).catch(() => []);
  }

  async #holds(name: string, record: BuildRecord, handler: string): Promise<boolean> {
    if (record.maker !== MAKER || record.handler !== handler) return false;
    return existsSync(join(this.folderOf(name), record.module)) && (await areUnchanged(record.inputs));
  }

  async #make(name: string, handler: string): Promise<BuildRecord> {
    const folder = this.folderOf(name);
    const startedAt = this.#clock.wall();
    // The compiler is loaded only where something has to be compiled.
    const { bundleModule, restBundler } = await import('../../../workflow/index.js');
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void restBundler(), REST_SECONDS * 1e3).unref();
    const bundle = await bundleModule(handler, WORDS, { folder });
    if (!bundle.exports.some((name) => (HANDLER_EXPORTS as readonly string[]).includes(name))) {
      throw noHandler(handler);
    }
    const guides = GUIDES.map((file) => join(dirname(handler), file));
    const marks = await marksOf([...new Set([...bundle.inputs, ...guides])]);
    // A file that was changed meanwhile may not be what was built: then it is built again next time.
    const inputs = marks.map((mark) => (wasChangedBefore(mark, startedAt) ? mark : unsureMark(mark)));
    const record: BuildRecord = {
      maker: MAKER,
      handler,
      module: bundle.path.slice(folder.length + 1),
      hash: bundle.hash,
      inputs,
    };
    await writeDurably(join(folder, RECORD_NAME), JSON.stringify(record), { synced: false });
    return record;
  }
}

const noHandler = (handler: string): WattloopError =>
  new WattloopError(ErrorCode.bundleFailed, `${shownPath(handler)}:1:1: it exports no handler`, {
    remedy: 'A handler says: export default async (request) => { … }',
  });
