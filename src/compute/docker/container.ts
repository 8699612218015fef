import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { DockerSettings } from '../../model/index.js';
import type { ReplicaAddress, ReplicaPlan } from '../replica/replica.js';
import { created, type InspectedContainer, inspected } from './answers.js';
import { type ContainerPlace, containerRequest, portOf } from './container-request.js';
import { type DockerEngine, EngineRefusal, type Query } from './engine.js';
import { pullQuery } from './image-name.js';
import type { SecretFolders } from './secret-folders.js';

const NOT_FOUND = 404;
const CONFLICT = 409;
/** An engine that restarts answers again after that, or its containers are gone with it. */
const ASK_AGAIN_SECONDS = 1;
const ASK_AGAIN_TIMES = 10;

export interface ContainerTools {
  readonly engine: DockerEngine;
  readonly settings: DockerSettings;
  readonly secrets: SecretFolders;
  /** Of this engine unique. */
  readonly name: string;
  readonly place: Omit<ContainerPlace, 'secretsFolder'>;
}

/** One container in the engine's hands. */
export class Container {
  readonly engine: DockerEngine;
  readonly #plan: ReplicaPlan;
  readonly #tools: ContainerTools;
  #id: string | undefined;
  #secretsFolder: string | undefined;

  constructor(plan: ReplicaPlan, tools: ContainerTools) {
    this.#plan = plan;
    this.#tools = tools;
    this.engine = tools.engine;
  }

  get id(): string {
    return this.#id ?? '';
  }

  get isReachedByItself(): boolean {
    return this.#tools.place.reach === 'address';
  }

  async create(): Promise<void> {
    const { secrets, place, name } = this.#tools;
    this.#secretsFolder = secrets.make(name, this.#plan.secrets);
    const body = containerRequest(this.#plan, { ...place, secretsFolder: this.#secretsFolder });
    const make = async (): Promise<string> =>
      created.parse(await this.engine.call('POST', '/containers/create', { query: { name }, body })).Id;
    try {
      this.#id = await make();
    } catch (error) {
      if (!isNotFound(error)) throw this.#failure('be made', error);
      await this.#pull(error);
      this.#id = await make();
    }
  }

  async start(): Promise<void> {
    try {
      await this.engine.call('POST', `/containers/${this.id}/start`);
    } catch (error) {
      throw this.#failure('be started', error);
    }
  }

  async inspect(): Promise<InspectedContainer> {
    return inspected.parse(await this.engine.call('GET', `/containers/${this.id}/json`));
  }

  addressIn({ NetworkSettings: { Networks, Ports } }: InspectedContainer): ReplicaAddress {
    const port = portOf(this.#plan);
    if (this.isReachedByItself) {
      const host = Networks?.[this.#tools.place.network]?.IPAddress;
      if (host) return { host, port };
    } else {
      const published = Ports?.[`${port}/tcp`]?.[0];
      if (published) return { host: published.HostIp, port: Number(published.HostPort) };
    }
    // It ended at once: its end says why.
    return { host: '127.0.0.1', port };
  }

  /** Settles with the last state when the container has ended; undefined when nobody knows it any more. */
  async ended(): Promise<InspectedContainer['State'] | undefined> {
    for (let failures = 0; failures < ASK_AGAIN_TIMES; failures++) {
      try {
        await this.engine.wait('POST', `/containers/${this.id}/wait`);
        const { State: state } = await this.inspect();
        if (!state.Running) return state;
      } catch (error) {
        if (isNotFound(error)) break;
        await sleep(ASK_AGAIN_SECONDS * 1e3);
      }
    }
    return undefined;
  }

  async stop(graceSeconds: number): Promise<void> {
    if (this.#id === undefined) return;
    const way = graceSeconds > 0 ? 'stop' : 'kill';
    const query: Query = graceSeconds > 0 ? { t: String(Math.ceil(graceSeconds)) } : {};
    try {
      await this.engine.wait('POST', `/containers/${this.id}/${way}`, { query });
    } catch (error) {
      // 409: it does not run, yet or any more.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** Removes it and what was made for it; never rejects. */
  async remove(): Promise<void> {
    try {
      if (this.#id !== undefined) await removeContainer(this.engine, this.id);
    } catch {
      // The next start of a gateway removes what is left.
    }
    this.#tools.secrets.remove(this.#secretsFolder);
    this.#secretsFolder = undefined;
  }

  async #pull(missing: unknown): Promise<void> {
    const { image = '' } = this.#plan;
    if (!this.#tools.settings.pull) throw noImage(image, missing);
    // The answer is a stream of progress, whose last line says what went wrong.
    const query = pullQuery(image);
    const said = String(
      await this.engine.wait('POST', '/images/create', { query }).catch((error: unknown) => {
        throw this.#failure(`pull ${image}`, error);
      }),
    );
    const error = /"error":"((?:[^"\\]|\\.)*)"/.exec(said)?.[1];
    if (error !== undefined) throw this.#failure(`pull ${image}`, new Error(error));
  }

  #failure(what: string, error: unknown): WattloopError {
    return new WattloopError(
      ErrorCode.runFailed,
      `the container of ${this.#plan.function} could not ${what}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

const isNotFound = (error: unknown): boolean => error instanceof EngineRefusal && error.status === NOT_FOUND;
const isConflict = (error: unknown): boolean => error instanceof EngineRefusal && error.status === CONFLICT;

/** Why a replica of an image that the engine does not have can't be had. */
export const noImageText = (image: string): string =>
  `the Docker engine has no image "${image}": docker pull it, make it (docker build, docker import), or set docker.pull: true`;

const noImage = (image: string, cause: unknown): WattloopError =>
  new WattloopError(ErrorCode.notFound, `the Docker engine has no image "${image}"`, {
    remedy: 'docker pull it, make it (docker build, docker import), or set docker.pull: true',
    cause,
  });

export async function removeContainer(engine: DockerEngine, id: string): Promise<void> {
  try {
    await engine.call('DELETE', `/containers/${id}`, { query: { force: '1', v: '1' } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
