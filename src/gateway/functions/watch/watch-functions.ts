import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Host, messageOf, WattloopError } from '../../../base/index.js';
import type { Settings } from '../../../model/index.js';
import type { Description } from '../described.js';
import { scanFolder } from '../folder/scan-folder.js';
import type { FunctionRegistry } from '../registry/registry.js';
import { readStack } from '../stack/read-stack.js';
import { Debounce, type DebounceTimes } from './debounce.js';
import { DescribedFunctions } from './described-functions.js';
import { FolderWatch, type WatchFolder } from './folder-watch.js';

export interface WatchOptions {
  readonly host: Host;
  readonly settings: Settings;
  readonly times?: Partial<WatchTimes>;
  readonly watchFolder?: WatchFolder;
}

export interface WatchTimes extends DebounceTimes {
  /** Between looks while something is broken, or where folders can't be watched. */
  readonly againSeconds: number;
}

/** No path: only what is broken is tried again. */
const NOTHING = '';
const TIMES: WatchTimes = { quietSeconds: 0.1, longestSeconds: 1, againSeconds: 5 };

/** Functions that a folder, or a stack.yml, describes, and that follow it. */
export class FunctionWatch {
  readonly #registry: FunctionRegistry;
  readonly #path: string;
  readonly #options: WatchOptions;
  readonly #functions: DescribedFunctions;
  readonly #folders: FolderWatch;
  readonly #debounce: Debounce<string>;
  readonly #times: WatchTimes;
  #filesWithProblems = new Set<string>();
  #warned = new Set<string>();
  #used: ReadonlySet<string> = new Set();
  #isPolling = false;
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(registry: FunctionRegistry, path: string, options: WatchOptions) {
    this.#registry = registry;
    this.#path = resolve(path);
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.#functions = new DescribedFunctions(registry);
    this.#debounce = new Debounce(this.#times, (changed) => void this.#look(changed));
    this.#folders = new FolderWatch(
      (changed) => this.#told(changed),
      (reason) => this.#poll(reason),
      options.watchFolder,
    );
  }

  /** Deploys what is described. Throws where the folder, or the stack.yml, can't be read. */
  async start(): Promise<void> {
    const description = this.#describe();
    this.#stopListening = this.#registry.onChange({
      removed: ({ spec }, origin) => {
        if (origin === 'files') this.#functions.dismiss(spec.name);
        else {
          this.#functions.uncover(spec.name);
          this.#debounce.add(NOTHING);
        }
      },
    });
    await this.#inTurn(() => this.#apply(description, undefined));
    void this.#inTurn(() => this.#registry.sweep());
  }

  /** Looks at once whether anything changed, also where nobody told so. */
  look(): Promise<void> {
    return this.#look(undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#functions.close();
    this.#stopListening();
    clearTimeout(this.#again);
    this.#debounce.close();
    this.#folders.close();
    await this.#last;
  }

  /** The folder above is watched for one name in it, unless functions have something there too. */
  #told(changed: string): void {
    const above = dirname(this.#path);
    const isBeside = dirname(changed) === above && changed !== this.#path && !this.#used.has(above);
    if (!isBeside) this.#debounce.add(changed);
  }

  #look(changed: ReadonlySet<string> | undefined): Promise<void> {
    return this.#inTurn(async () => {
      if (changed !== undefined && (await this.#functions.rebuild(changed))) this.#follow();
      else await this.#apply(this.#describe(), changed);
      this.#registry.report(this.#path, undefined);
    });
  }

  async #apply(description: Description, changed: ReadonlySet<string> | undefined): Promise<void> {
    await this.#functions.apply(description, changed);
    this.#tell(description);
    this.#follow();
  }

  /** One thing after another. What fails is told, and tried again; what is served stays as it is. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      try {
        if (!this.#isClosed) await work();
      } catch (error) {
        this.#registry.report(this.#path, error instanceof WattloopError ? error.line : messageOf(error));
        this.#filesWithProblems.add(this.#path);
        this.#follow();
      }
    });
    return this.#last;
  }

  #describe(): Description {
    const { host, settings } = this.#options;
    const context = { defaults: settings.gateway.defaults, env: host.env };
    const isFolder = statSync(this.#path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isFolder) return scanFolder(realpathSync(this.#path), context);
    return { ...readStack(this.#path, context), problems: new Map(), folders: [] };
  }

  #tell({ problems, warnings }: Description): void {
    for (const path of this.#filesWithProblems) {
      if (!problems.has(path)) this.#registry.report(path, undefined);
    }
    for (const [path, problem] of problems) this.#registry.report(path, problem.line);
    this.#filesWithProblems = new Set(problems.keys());
    for (const warning of warnings) if (!this.#warned.has(warning)) this.#options.host.log.warn(warning);
    this.#warned = new Set(warnings);
  }

  #follow(): void {
    if (this.#isClosed) return;
    this.#used = this.#functions.folders();
    const folders = new Set(this.#used).add(this.#path).add(dirname(this.#path));
    // What changed before they were watched is not told.
    for (const folder of this.#folders.set(folders)) this.#debounce.add(folder);
    clearTimeout(this.#again);
    if (!this.#isPolling && !this.#functions.isBroken && this.#filesWithProblems.size === 0) return;
    this.#lookAgain();
  }

  #lookAgain(): void {
    // Where all changes are told, only what is broken is tried again.
    const again = (): void => void this.#look(this.#isPolling ? undefined : new Set());
    this.#again = setTimeout(again, this.#times.againSeconds * 1e3).unref();
  }

  #poll(reason: string): void {
    if (this.#isPolling || this.#isClosed) return;
    this.#isPolling = true;
    const seconds = this.#times.againSeconds;
    this.#options.host.log.warn(
      'folders of functions are looked at again and again, as they cannot be watched',
      {
        seconds,
        reason,
      },
    );
    clearTimeout(this.#again);
    this.#lookAgain();
  }
}

/** Serves what a folder, or a stack.yml, describes, and follows its changes until it is closed. */
export async function watchFunctions(
  registry: FunctionRegistry,
  path: string,
  options: WatchOptions,
): Promise<FunctionWatch> {
  const watch = new FunctionWatch(registry, path, options);
  await watch.start();
  return watch;
}
