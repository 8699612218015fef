import { ErrorCode, type Logger, WattloopError } from '../../../base/index.js';
import { monotonicSeconds, type ReplicaHost } from '../../../compute/index.js';
import type { DeployedFunction, FunctionKind, GatewaySettings } from '../../../model/index.js';
import type { Refusal } from '../refusal.js';
import { FunctionPool, type PoolParts } from './function-pool.js';
import { replicaPlan } from './replica-plan.js';
import { ReplicaRoom } from './replica-room.js';

export interface PoolsParts {
  readonly log: Logger;
  readonly settings: GatewaySettings;
  /** Where what replicas print is kept. */
  readonly logs: string;
  readonly hostOf: (kind: FunctionKind) => ReplicaHost;
  readonly secretsOf: (names: readonly string[]) => Readonly<Record<string, string>>;
  readonly use: PoolParts['use'];
  readonly onReady: PoolParts['onReady'];
  readonly onEnded: PoolParts['onEnded'];
}

const REMOVED: Refusal = { reason: 'removed', message: 'the function was removed' };
const REAP_MILLISECONDS = 1_000;

/** The pools of all functions. */
export class Pools {
  readonly #parts: PoolsParts;
  readonly #room: ReplicaRoom;
  readonly #pools = new Map<string, FunctionPool>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #reaper: NodeJS.Timeout;
  #started = 0;

  constructor(parts: PoolsParts) {
    this.#parts = parts;
    this.#room = new ReplicaRoom(parts.settings.max_replicas);
    this.#reaper = setInterval(() => this.#reap(), REAP_MILLISECONDS).unref();
  }

  get(name: string): FunctionPool | undefined {
    return this.#pools.get(name);
  }

  /** Calls that replicas work on, and that wait for one. */
  get busy(): number {
    let sum = 0;
    for (const guest of this.#room.guests)
      if (guest instanceof FunctionPool) sum += guest.inFlight + guest.waiting;
    return sum;
  }

  deploy(deployed: DeployedFunction): void {
    const { name } = deployed.spec;
    const pool = this.#pools.get(name);
    if (pool) {
      pool.redeploy(deployed);
      return;
    }
    const { log, use, onReady, onEnded } = this.#parts;
    const start: PoolParts['start'] = (version) => this.#start(version);
    this.#pools.set(
      name,
      new FunctionPool(deployed, { log, room: this.#room, start, use, onReady, onEnded }),
    );
  }

  remove(name: string): void {
    const pool = this.#pools.get(name);
    if (pool === undefined) return;
    this.#pools.delete(name);
    const leaving = pool.close(REMOVED).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /** Settles when all replicas have ended. */
  async close(): Promise<void> {
    clearInterval(this.#reaper);
    for (const name of [...this.#pools.keys()]) this.remove(name);
    await Promise.all(this.#leaving);
  }

  #start(deployed: DeployedFunction): ReturnType<ReplicaHost['start']> {
    const { settings, logs, hostOf, secretsOf } = this.#parts;
    const plan = replicaPlan(deployed, ++this.#started, secretsOf(deployed.spec.secrets), logs, settings);
    const host = hostOf(deployed.spec.kind);
    const refusal = host.refuses(plan);
    if (refusal !== undefined) throw new WattloopError(ErrorCode.notFound, refusal);
    return host.start(plan);
  }

  /** Only those that have replicas are looked at: functions that rest cost nothing. */
  #reap(): void {
    const now = monotonicSeconds();
    for (const guest of this.#room.guests) if (guest instanceof FunctionPool) guest.reap(now);
  }
}
