import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../../base/index.js';
import type { DeployedFunction, FunctionSpec, GatewaySettings, Settings } from '../../../model/index.js';
import { Builder } from '../build/builder.js';
import { Secrets } from '../secrets/secrets.js';
import { checkFunctionName } from '../spec/name.js';
import { checkCommand } from './check-command.js';
import type { FunctionRecord, Origin } from './function-record.js';
import { InOrder } from './in-order.js';
import { RecordFolder } from './record-folder.js';
import { type HandlerSource, SourceFolder } from './source-folder.js';
import { UsedModules } from './used-modules.js';
import { versionOf } from './version.js';

/** Told of changes when they are made, before the old version's files may go. */
export interface RegistryListener {
  deployed?(fn: DeployedFunction, before: DeployedFunction | undefined): void;
  removed?(fn: DeployedFunction, origin: Origin): void;
}

export interface DeployOptions {
  /** Who deploys; a caller of the API unless said otherwise. */
  readonly origin?: Origin;
  /** Text of a handler that stands in no file. */
  readonly source?: HandlerSource | undefined;
}

/** Which functions there are. What callers deployed is on disk before they are told so. */
export class FunctionRegistry {
  readonly secrets: Secrets;
  readonly #host: Host;
  readonly #settings: GatewaySettings;
  readonly #records: RecordFolder;
  readonly #sources: SourceFolder;
  readonly #builder: Builder;
  readonly #served = new Map<string, FunctionRecord>();
  /** What folders described when we ran last, until it is known what they describe now. */
  readonly #remembered = new Map<string, FunctionRecord>();
  readonly #problems = new Map<string, string>();
  readonly #listeners = new Set<RegistryListener>();
  readonly #inOrder = new InOrder();
  readonly #used = new UsedModules();

  private constructor(host: Host, settings: Settings) {
    const folder = resolve(settings.data_dir, 'gateway');
    this.#host = host;
    this.#settings = settings.gateway;
    this.#builder = new Builder(join(folder, 'builds'), host.clock);
    this.#records = new RecordFolder(join(folder, 'functions'), (name) => this.#builder.folderOf(name));
    this.#sources = new SourceFolder(join(folder, 'sources'));
    this.secrets = Secrets.open(settings);
  }

  /** The registry with what callers had deployed. What folders describe comes with `watchFunctions`. */
  static async open(host: Host, settings: Settings): Promise<FunctionRegistry> {
    const registry = new FunctionRegistry(host, settings);
    await registry.#load();
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
    return this.#problems;
  }

  /** Says what is wrong with a function, or with a file that describes some; undefined when it is not any more. */
  report(name: string, problem: string | undefined): void {
    if (problem === undefined) this.#problems.delete(name);
    else if (this.#problems.get(name) !== problem) this.#complain(name, problem);
  }

  /** Files of which the handler that is served was built. */
  inputsOf(name: string): readonly string[] {
    return this.#served.get(name)?.build?.inputs.map(([path]) => path) ?? [];
  }

  /** What is returned ends it. */
  onChange(listener: RegistryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps the files of a version also when another takes its place, until what is returned is called. */
  use(fn: DeployedFunction): () => void {
    const { name } = fn.spec;
    return this.#used.take(fn.module, () => this.#tidy(name));
  }

  /**
   * Serves a function as described; resolves when it is. Refused, with a WattloopError, and the old version kept, where it
   * can't be built or what it needs isn't there. Nothing happens where it is served as described already.
   */
  deploy(spec: FunctionSpec, options: DeployOptions = {}): Promise<DeployedFunction> {
    checkFunctionName(spec.name);
    return this.#inOrder.run(spec.name, () => this.#deploy(spec, options));
  }

  /** Undefined where there is no such function. */
  remove(name: string): Promise<DeployedFunction | undefined> {
    return this.#inOrder.run(name, () => this.#remove(name));
  }

  /** To be called when all that folders describe is deployed: files of functions that are not served any more go. */
  async sweep(): Promise<void> {
    const gone = [...this.#remembered.keys()].filter((name) => !this.#served.has(name));
    await Promise.all(gone.map((name) => this.#records.remove(name)));
    this.#remembered.clear();
    const names = new Set([...(await this.#builder.names()), ...(await this.#sources.names())]);
    await Promise.all(Array.from(names, (name) => this.#inOrder.run(name, () => this.#tidy(name))));
  }

  async #load(): Promise<void> {
    const restored: Promise<void>[] = [];
    for (const { name, record, problem } of this.#records.read()) {
      if (problem !== undefined) this.#complain(name, problem);
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
      this.#complain(name, lineOf(error));
    }
  }

  #complain(name: string, problem: string): void {
    this.#problems.set(name, problem);
    this.#host.log.error(`${name} is not served as described: ${problem}`);
  }

  async #deploy(spec: FunctionSpec, { origin = 'api', source }: DeployOptions): Promise<DeployedFunction> {
    const { name } = spec;
    this.#checkRoom(name);
    if (origin === 'files' && this.originOf(name) === 'api') throw shadowed(name);
    try {
      const record = await this.#made(spec, origin, source);
      this.#problems.delete(name);
      return await this.#serve(record);
    } catch (error) {
      const kept = this.#remembered.get(name);
      // What is broken now was not when it was last deployed.
      if (origin === 'files' && !this.#served.has(name) && kept && isWhole(kept.deployed))
        await this.#serve(kept);
      throw error;
    }
  }

  #checkRoom(name: string): void {
    const most = this.#settings.max_functions;
    if (this.#served.has(name) || this.#served.size < most) return;
    throw new WattloopError(
      ErrorCode.badInput,
      `function "${name}" is one more than the ${most} that may be deployed`,
      {
        remedy: 'Remove some, or raise gateway.max_functions',
      },
    );
  }

  /** The function as it would be served: built, with what it needs. */
  async #made(spec: FunctionSpec, origin: Origin, source?: HandlerSource): Promise<FunctionRecord> {
    const { name } = spec;
    this.secrets.check(spec.secrets);
    checkCommand(spec, this.#host);
    const whole = source === undefined ? spec : { ...spec, handler: await this.#sources.write(name, source) };
    const build =
      whole.handler === undefined
        ? undefined
        : await this.#builder.build(
            name,
            whole.handler,
            this.#served.get(name)?.build,
            this.#remembered.get(name)?.build,
          );
    const version = await versionOf(whole, build?.hash);
    const deployed = { spec: whole, version, deployedAt: this.#host.clock.wall() };
    if (build === undefined) return { origin, deployed };
    return { origin, deployed: { ...deployed, module: build.module }, build };
  }

  async #serve(record: FunctionRecord): Promise<DeployedFunction> {
    const { name } = record.deployed.spec;
    const before = this.#served.get(name);
    const kept = before ?? this.#remembered.get(name);
    const now = continued(kept, record);
    const { deployed } = now;
    if (now !== kept) await this.#records.write(now);
    this.#served.set(name, now);
    if (deployed !== before?.deployed) {
      this.#tell((listener) => listener.deployed?.(deployed, before?.deployed));
    }
    if (now !== kept) await this.#tidy(name);
    return deployed;
  }

  async #remove(name: string): Promise<DeployedFunction | undefined> {
    const record = this.#served.get(name);
    this.#problems.delete(name);
    if (record === undefined) return undefined;
    await this.#records.remove(name);
    this.#served.delete(name);
    this.#tell((listener) => listener.removed?.(record.deployed, record.origin));
    await this.#tidy(name);
    return record.deployed;
  }

  /** A listener that fails keeps nobody else from being told. */
  #tell(what: (listener: RegistryListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        what(listener);
      } catch (error) {
        this.#host.log.error('a listener of the registry failed', { error: String(error) });
      }
    }
  }

  async #tidy(name: string): Promise<void> {
    const now = this.#served.get(name)?.deployed;
    await this.#builder.tidy(name, (module) => module === now?.module || this.#used.has(module));
    await this.#sources.tidy(name, now?.spec.handler);
  }
}

const isWhole = ({ module }: DeployedFunction): boolean => module === undefined || existsSync(module);

/** What was served before, if it is that still, with what is known now of the files that it is made of. */
function continued(before: FunctionRecord | undefined, record: FunctionRecord): FunctionRecord {
  const isSame =
    before?.origin === record.origin &&
    before.deployed.version === record.deployed.version &&
    isWhole(before.deployed);
  if (!isSame || record.build === before.build) return isSame ? before : record;
  if (record.build === undefined || before.build === undefined) return record;
  return { ...before, build: { ...record.build, module: before.build.module } };
}

const lineOf = (error: unknown): string => (error instanceof WattloopError ? error.line : messageOf(error));

const shadowed = (name: string): WattloopError =>
  new WattloopError(
    ErrorCode.alreadyExists,
    `function "${name}" is not taken from files, as it was deployed over /system/functions`,
    { remedy: 'Remove that one to have this one' },
  );
