import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, ErrorCode, shownPath, WattloopError } from '../../../base/index.js';
import { Turns } from '../turns.js';
import { areUnchanged, type FileMark, marksOf, unsureMark, wasChangedBefore } from './fingerprint.js';

/** What was made of a handler, and of what: so that nothing is built twice. */
export interface Build {
  /** Changes when bundles are made in another way. */
  readonly maker: string;
  readonly handler: string;
  /** The bundle, an absolute path. */
  readonly module: string;
  /** Of the code. */
  readonly hash: string;
  readonly inputs: readonly FileMark[];
}

/** Names under which a module may export what answers calls. */
const HANDLER_EXPORTS: readonly string[] = ['default', 'handler', 'handle'];

const WORDS = { what: 'A handler', usualNames: ['handler', 'index', 'main'] };
const MAKER = 'wattloop/1';
/** Bundles made at once: the bundler itself uses all processors. */
const AT_ONCE = 8;
/** The bundler's process goes when nothing was built for so long. */
const REST_SECONDS = 10;
/** Files that change how a module is read, though no module imports them. */
const GUIDES = ['package.json', 'tsconfig.json'];

/** Makes bundles of handlers, in `FOLDER/NAME/`. */
export class Builder {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #turns = new Turns(AT_ONCE);
  /** Waits for the time when the bundler isn't needed any more. */
  #rest: NodeJS.Timeout | undefined;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  folderOf(name: string): string {
    return join(this.#folder, name);
  }

  /** The build of a handler as it is now: one of those that are there if it is still that. Throws a WattloopError when it can't be made. */
  async build(name: string, handler: string, ...kept: readonly (Build | undefined)[]): Promise<Build> {
    for (const build of kept) if (build && holds(build, handler)) return build;
    return this.#turns.take(() => this.#make(name, handler));
  }

  /** Removes bundles of a function of which `isUsed` says that nobody uses them. */
  async tidy(name: string, isUsed: (module: string) => boolean): Promise<void> {
    const folder = this.folderOf(name);
    const files = (await readdir(folder).catch(() => [])).map((file) => join(folder, file));
    const spare = files.filter((file) => !isUsed(file));
    if (spare.length === files.length) await rm(folder, { recursive: true, force: true });
    else await Promise.all(spare.map((file) => rm(file, { force: true })));
  }

  /** Functions of which there is something. */
  names(): Promise<string[]> {
    return readdir(this.#folder).catch(() => []);
  }

  async #make(name: string, handler: string): Promise<Build> {
    const startedAt = this.#clock.wall();
    // The compiler is loaded only where something has to be compiled.
    const { bundleModule, restBundler } = await import('../../../workflow/index.js');
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void restBundler(), REST_SECONDS * 1e3).unref();
    const bundle = await bundleModule(handler, WORDS, { folder: this.folderOf(name) });
    if (!bundle.exports.some((name) => HANDLER_EXPORTS.includes(name))) throw noHandler(handler);
    const guides = GUIDES.map((file) => join(dirname(handler), file));
    const marks = marksOf([...new Set([...bundle.inputs, ...guides])]);
    // A file that was changed meanwhile may not be what was built: then it is built again next time.
    const inputs = marks.map((mark) => (wasChangedBefore(mark, startedAt) ? mark : unsureMark(mark)));
    return { maker: MAKER, handler, module: bundle.path, hash: bundle.hash, inputs };
  }
}

const holds = ({ maker, handler, module, inputs }: Build, wanted: string): boolean =>
  maker === MAKER && handler === wanted && existsSync(module) && areUnchanged(inputs);

const noHandler = (handler: string): WattloopError =>
  new WattloopError(ErrorCode.bundleFailed, `${shownPath(handler)}:1:1: it exports no handler`, {
    remedy: 'A handler says: export default async (event, context) => { … }',
  });
