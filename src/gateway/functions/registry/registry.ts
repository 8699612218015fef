import { join, resolve } from 'node:path';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../../base/index.js';
import type { DeployedFunction, FunctionSpec, Settings } from '../../../model/index.js';
import { Secrets } from '../secrets/secrets.js';
import { checkFunctionName } from '../spec/name.js';
import { continued } from './continued.js';
import { FunctionMaker, isWhole } from './function-maker.js';
import type { FunctionRecord, Origin } from './function-record.js';
import { InOrder } from './in-order.js';
import { Listeners, type RegistryListener } from './listeners.js';
import { Problems } from './problems.js';
import { RecordFolder } from './record-folder.js';
import type { HandlerSource } from './source-folder.js';
import { UsedModules } from './used-modules.js';

export interface DeployOptions {
  /** Who deploys; a caller of the API unless said otherwise. */
  readonly origin?: Origin;
  /** Text of a handler that stands in no file. */
  readonly source?: HandlerSource | undefined;
}

/** Which functions there are. What callers deployed is on disk before they are told so. */
export class FunctionRegistry {
  readonly secrets: Secrets;
  readonly #most: number;
  readonly #startSeconds: number;
  readonly #maker: FunctionMaker;
  readonly #records: RecordFolder;
  readonly #served = new Map<string, FunctionRecord>();
  /** What folders described when we ran last, until it is known what they describe now. */
  readonly #remembered = new Map<string, FunctionRecord>();
  /** Names that are being deployed for the first time. */
  readonly #coming = new Set<string>();
  readonly #problems: Problems;
  readonly #listeners: Listeners;
  readonly #inOrder = new InOrder();
  readonly #used = new UsedModules();

  private constructor(host: Host, settings: Settings) {
    const folder = resolve(settings.data_dir, 'gateway');
    this.secrets = Secrets.open(settings);
    this.#most = settings.gateway.max_functions;
    this.#startSeconds = settings.gateway.defaults.start_seconds;
    this.#maker = new FunctionMaker(folder, host, this.secrets);
    this.#records = new RecordFolder(join(folder, 'functions'), (name) => this.#maker.buildsOf(name));
    this.#problems = new Problems(host.log);
    this.#listeners = new Listeners(host.log);
  }

  /** The registry with what callers had deployed. What folders describe comes with `watchFunctions`. */
  static async open(host: Host, settings: Settings): Promise<FunctionRegistry> {
    const registry = new FunctionRegistry(host, settings);
    await registry.#load();
    // Else it is not known yet what is served.
    if (settings.gateway.functions === undefined) await registry.#tidyAll();
    return registry;
  }

  get(name: string): DeployedFunction | undefined {
    return this.#served.get(name)?.deployed;
  }

  /** Who deployed a function; undefined where there is none. */
  originOf(name: string): Origin | undefined {
    return this.#served.get(name)?.origin;
  }

  /** By name. */
  list(): DeployedFunction[] {
    const all = Array.from(this.#served.values(), ({ deployed }) => deployed);
    return all.sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  }

  /** What is wrong with functions that are not served, or not as they are described now: a line for each, by name. */
  problems(): ReadonlyMap<string, string> {
    return this.#problems.all;
  }

  /** Says what is wrong with a function, or with a file that describes some; undefined when it is not any more. */
  report(name: string, problem: string | undefined): void {
    this.#problems.set(name, problem);
  }

  /** Files of which the handler that is served was built. */
  inputsOf(name: string): readonly string[] {
    return this.#served.get(name)?.build?.inputs.map(([path]) => path) ?? [];
  }

  /** What is returned ends it. */
  onChange(listener: RegistryListener): () => void {
    return this.#listeners.add(listener);
  }

  /** Keeps the files of a version also when another takes its place, until what is returned is called. */
  use(fn: DeployedFunction): () => void {
    const { name } = fn.spec;
    return this.#used.take(fn.module, () => this.#inOrder.run(name, () => this.#tidy(name)));
  }

  /**
   * Serves a function as described; resolves when it is. Refused, with a WattloopError, and the old version kept, where it
   * can't be built or what it needs isn't there. Nothing happens where it is served as described already.
   */
  async deploy(spec: FunctionSpec, options: DeployOptions = {}): Promise<DeployedFunction> {
    checkFunctionName(spec.name);
    return this.#inOrder.run(spec.name, () => this.#deploy(spec, options));
  }

  /** Undefined where there is no such function. One that a folder describes is back when its files change, or at the next start. */
  remove(name: string): Promise<DeployedFunction | undefined> {
    return this.#inOrder.run(name, () => this.#remove(name));
  }

  /** To be called when all that folders describe is deployed: files of functions that are not served any more go. */
  async sweep(): Promise<void> {
    const gone = [...this.#remembered.keys()].filter((name) => !this.#served.has(name));
    await Promise.all(gone.map((name) => this.#records.remove(name)));
    this.#remembered.clear();
    await this.#tidyAll();
  }

  async #load(): Promise<void> {
    const restored: Promise<void>[] = [];
    for (const { name, record, problem } of this.#records.read()) {
      if (problem !== undefined) this.report(name, problem);
      else if (record.origin === 'files') this.#remembered.set(name, record);
      else if (isWhole(record.deployed)) this.#served.set(name, record);
      else restored.push(this.#rebuild(name, record));
    }
    await Promise.all(restored);
  }

  /** Somebody removed the bundle of a function. */
  async #rebuild(name: string, record: FunctionRecord): Promise<void> {
    try {
      await this.deploy(record.deployed.spec);
    } catch (error) {
      this.report(name, error instanceof WattloopError ? error.line : messageOf(error));
    }
  }

  async #deploy(spec: FunctionSpec, { origin = 'api', source }: DeployOptions): Promise<DeployedFunction> {
    const { name } = spec;
    const [served, remembered] = [this.#served.get(name), this.#remembered.get(name)];
    if (origin === 'files' && served?.origin === 'api') throw shadowed(name);
    if (served === undefined) this.#admit(name);
    try {
      const made = await this.#maker.make(spec, source, [served?.build, remembered?.build]);
      const deployed = await this.#serve({ origin, ...made });
      this.report(name, undefined);
      return deployed;
    } catch (error) {
      const isLost = served !== undefined || remembered === undefined || !isWhole(remembered.deployed);
      // What is broken now was not when it was last deployed.
      if (origin === 'files' && !isLost) await this.#serve(remembered);
      throw error;
    } finally {
      this.#coming.delete(name);
    }
  }

  #admit(name: string): void {
    if (this.#served.size + this.#coming.size >= this.#most) throw tooMany(name, this.#most);
    this.#coming.add(name);
  }

  async #serve(record: FunctionRecord): Promise<DeployedFunction> {
    const { name } = record.deployed.spec;
    const before = this.#served.get(name);
    const kept = before ?? this.#remembered.get(name);
    const now = continued(kept, record);
    const { deployed } = now;
    if (now !== kept) await this.#records.write(now);
    this.#served.set(name, now);
    if (before !== undefined && before.deployed.module !== deployed.module) this.#spare(before.deployed);
    if (deployed !== before?.deployed) {
      this.#listeners.tell((listener) => listener.deployed?.(deployed, before?.deployed));
    }
    if (now !== kept) await this.#tidy(name);
    return deployed;
  }

  async #remove(name: string): Promise<DeployedFunction | undefined> {
    const record = this.#served.get(name);
    this.report(name, undefined);
    if (record === undefined) return undefined;
    await this.#records.remove(name);
    this.#served.delete(name);
    this.#listeners.tell((listener) => listener.removed?.(record.deployed, record.origin));
    await this.#tidy(name);
    return record.deployed;
  }

  /** Replicas of the version before may just be about to start: they find its files for as long as that may take. */
  #spare(before: DeployedFunction): void {
    setTimeout(this.use(before), this.#startSeconds * 1e3).unref();
  }

  async #tidyAll(): Promise<void> {
    const names = await this.#maker.names();
    await Promise.all(Array.from(names, (name) => this.#inOrder.run(name, () => this.#tidy(name))));
  }

  #tidy(name: string): Promise<void> {
    const kept = this.#served.get(name) ?? this.#remembered.get(name);
    return this.#maker.tidy(name, kept?.deployed, (module) => this.#used.has(module));
  }
}

const tooMany = (name: string, most: number): WattloopError =>
  new WattloopError(
    ErrorCode.badInput,
    `function "${name}" is one more than the ${most} that may be deployed`,
    { remedy: 'Remove some, or raise gateway.max_functions' },
  );

const shadowed = (name: string): WattloopError =>
  new WattloopError(
    ErrorCode.alreadyExists,
    `function "${name}" is not taken from files, as it was deployed over /system/functions`,
    { remedy: 'Remove that one to have this one' },
  );
