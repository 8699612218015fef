import { randomBytes } from 'node:crypto';
import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import { LEAST_MEMORY_MIB } from '../local/heap-flags.js';
import { chooseLimiter } from '../local/limits/choose-limiter.js';
import { Keeper } from './keeper.js';
import { LocalReplica, type ReplicaSurroundings } from './local-replica.js';
import { Ports } from './ports.js';
import { PrivateFolder } from './private-folder.js';
import type { Replica, ReplicaHost, ReplicaPlan } from './replica.js';

/** Replicas of handlers, commands and HTTP servers as processes of this machine, in control groups where there is the right. */
export async function openLocalReplicas(host: Host, settings: Settings): Promise<ReplicaHost> {
  const limiter = await chooseLimiter(host, settings.compute.local.limits);
  const folder = new PrivateFolder(host);
  const mark = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const keeper = new Keeper(host, folder.path, mark, limiter.folders);
  return new LocalReplicaHost({ host, limiter, folder, ports: new Ports(), mark }, keeper);
}

const isFileName = (name: string): boolean => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);

class LocalReplicaHost implements ReplicaHost {
  readonly #around: ReplicaSurroundings;
  readonly #keeper: Keeper;
  readonly #replicas = new Set<LocalReplica>();
  #started = 0;
  #isClosed = false;

  constructor(around: ReplicaSurroundings, keeper: Keeper) {
    this.#around = around;
    this.#keeper = keeper;
  }

  refuses({ id, kind, module, command, limits, secrets }: ReplicaPlan): string | undefined {
    // Both become names of files.
    const wrong = [id, ...Object.keys(secrets)].find((name) => !isFileName(name));
    if (wrong !== undefined)
      return `"${wrong}" can't be a name: letters, digits, dots, dashes and underscores can`;
    if (kind === 'image') return 'images need a container engine';
    if (kind === 'handler' && module === undefined) return 'a handler needs a module';
    if (kind !== 'handler' && (command === undefined || command[0] === undefined || command[0] === '')) {
      return `a function of kind "${kind}" needs a command`;
    }
    const { memoryMib } = limits;
    if (kind !== 'http' && memoryMib !== undefined && memoryMib < LEAST_MEMORY_MIB) {
      return `a replica itself needs ${LEAST_MEMORY_MIB} MiB of memory, more than the ${memoryMib} MiB that it is given`;
    }
    return undefined;
  }

  start(plan: ReplicaPlan): Replica {
    const refusal = this.#isClosed ? 'replicas are closed' : this.refuses(plan);
    if (refusal !== undefined) throw new WattloopError(ErrorCode.badInput, refusal);
    const replica = new LocalReplica(plan, ++this.#started, this.#around);
    this.#replicas.add(replica);
    void replica.ended.then(() => this.#replicas.delete(replica));
    return replica;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#replicas];
    for (const replica of all) replica.kill();
    await Promise.all(all.map(({ ended }) => ended));
    await this.#keeper.close();
    this.#around.folder.remove();
    await this.#around.limiter.close();
  }
}
