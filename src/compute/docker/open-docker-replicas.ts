import { join, resolve } from 'node:path';
import type { Host } from '../../base/index.js';
import { type CgroupLayout, detectLayout } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import type { Replica, ReplicaHost, ReplicaPlan } from '../replica/replica.js';
import { Container, noImageText } from './container.js';
import { DockerReplica } from './docker-replica.js';
import { DockerEngine } from './engine.js';
import { EngineWatch } from './engine-watch.js';
import { removeLeftovers } from './leftovers.js';
import { ownerText, thisOwner } from './owner.js';
import { SecretFolders } from './secret-folders.js';

/** A file's name, and no path. */
const SECRET_NAME = /^(?!\.{1,2}$)[^/\0]+$/;

class DockerReplicas implements ReplicaHost {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #engine: DockerEngine;
  readonly #watch: EngineWatch;
  readonly #secrets: SecretFolders;
  readonly #layout: CgroupLayout | undefined;
  readonly #owner: string;
  readonly #gateway: string;
  readonly #replicas = new Set<DockerReplica>();
  #count = 0;

  constructor(host: Host, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
    this.#gateway = resolve(settings.data_dir);
    this.#owner = ownerText(thisOwner(host));
    this.#engine = new DockerEngine(settings.docker.socket);
    this.#watch = new EngineWatch(host, this.#engine, settings.docker);
    this.#secrets = new SecretFolders(host, join(this.#gateway, 'gateway', 'docker'), this.#owner);
    this.#layout = detectLayout(host);
  }

  async open(): Promise<this> {
    await this.#watch.open();
    this.#secrets.removeLeftovers();
    if (this.#watch.state.isThere) await removeLeftovers(this.#host, this.#engine, this.#gateway);
    return this;
  }

  refuses({ kind, image, secrets }: ReplicaPlan): string | undefined {
    if (kind !== 'image' || image === undefined || image === '') return 'only images run in containers';
    const secret = Object.keys(secrets).find((name) => !SECRET_NAME.test(name));
    if (secret !== undefined) return `the secret "${secret}" has no name that a file can have`;
    const { state } = this.#watch;
    if (!state.isThere) return state.why;
    if (typeof state.reach === 'object') return state.reach.refusal;
    if (this.#settings.docker.pull || this.#watch.hasImage(image) !== false) return undefined;
    return noImageText(image);
  }

  start(plan: ReplicaPlan): Replica {
    const { state } = this.#watch;
    const container = new Container(plan, {
      engine: this.#engine,
      settings: this.#settings.docker,
      secrets: this.#secrets,
      name: `wattloop-${plan.id}-${process.pid}-${++this.#count}`,
      place: {
        gateway: this.#gateway,
        owner: this.#owner,
        network: this.#settings.docker.network,
        reach: state.isThere && state.reach === 'published' ? 'published' : 'address',
      },
    });
    const replica = new DockerReplica(plan, { host: this.#host, layout: this.#layout, container });
    this.#replicas.add(replica);
    void replica.ended.then(() => this.#replicas.delete(replica));
    return replica;
  }

  async close(): Promise<void> {
    const replicas = [...this.#replicas];
    for (const replica of replicas) replica.stop(0);
    await Promise.all(replicas.map(({ ended }) => ended));
    await this.#watch.close();
    this.#secrets.close();
  }
}

/** Replicas that are containers of the Docker engine that `docker.socket` names. Opens also where there is none: then it refuses. */
export function openDockerReplicas(host: Host, settings: Settings): Promise<ReplicaHost> {
  return new DockerReplicas(host, settings).open();
}
