import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../../base/index.js';
import type { DeployedFunction, FunctionSpec } from '../../../model/index.js';
import { type Build, Builder } from '../build/builder.js';
import type { Secrets } from '../secrets/secrets.js';
import { checkCommand } from './check-command.js';
import { type HandlerSource, SourceFolder } from './source-folder.js';
import { versionOf } from './version.js';

/** A function that can be served, and of what it was made. */
export interface MadeFunction {
  readonly deployed: DeployedFunction;
  /** Of a handler. */
  readonly build?: Build;
}

/** Makes of descriptions what can be served, and keeps the files that come of it. */
export class FunctionMaker {
  readonly #host: Host;
  readonly #secrets: Secrets;
  readonly #builder: Builder;
  readonly #sources: SourceFolder;

  constructor(folder: string, host: Host, secrets: Secrets) {
    this.#host = host;
    this.#secrets = secrets;
    this.#builder = new Builder(join(folder, 'builds'), host.clock);
    this.#sources = new SourceFolder(join(folder, 'sources'));
  }

  buildsOf(name: string): string {
    return this.#builder.folderOf(name);
  }

  /** Throws a WattloopError where it can't be built, or what it needs isn't there. Builds that are kept are taken if they still hold. */
  async make(
    described: FunctionSpec,
    source: HandlerSource | undefined,
    kept: readonly (Build | undefined)[],
  ): Promise<MadeFunction> {
    const { name } = described;
    this.#secrets.check(described.secrets);
    checkCommand(described, this.#host);
    const spec =
      source === undefined ? described : { ...described, handler: await this.#sources.write(name, source) };
    const build =
      spec.handler === undefined ? undefined : await this.#builder.build(name, spec.handler, ...kept);
    const version = await versionOf(spec, build?.hash);
    const deployed = { spec, version, deployedAt: this.#host.clock.wall() };
    if (build === undefined) return { deployed };
    return { deployed: { ...deployed, module: build.module }, build };
  }

  /** Functions of which there are files. */
  async names(): Promise<Set<string>> {
    return new Set([...(await this.#builder.names()), ...(await this.#sources.names())]);
  }

  /** Removes the files of a function but those of the version that is served, and of what is used. */
  async tidy(
    name: string,
    served: DeployedFunction | undefined,
    isUsed: (module: string) => boolean,
  ): Promise<void> {
    await this.#builder.tidy(name, (module) => module === served?.module || isUsed(module));
    await this.#sources.tidy(name, served?.spec.handler);
  }
}

/** Nothing of it was lost. */
export const isWhole = ({ module }: DeployedFunction): boolean => module === undefined || existsSync(module);
