import { Pool } from 'undici';
import { monotonicSeconds, type Replica, type ReplicaAddress } from '../../../compute/index.js';

/** A connection that a replica leaves unused is kept for this long: replicas of ours never close one by themselves. */
const KEEP_ALIVE_MILLISECONDS = 600_000;

function clientFor(address: ReplicaAddress, connections: number): Pool {
  const isSocket = 'socketPath' in address;
  const host = isSocket ? 'replica' : address.host.includes(':') ? `[${address.host}]` : address.host;
  const origin = isSocket ? `http://${host}` : `http://${host}:${address.port}`;
  return new Pool(origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    keepAliveMaxTimeout: KEEP_ALIVE_MILLISECONDS,
    // The time that a call may take is the gateway's to watch.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(isSocket && { connect: { socketPath: address.socketPath } }),
  });
}

/** A replica that serves calls of its function, and how busy it is. */
export class PooledReplica {
  readonly replica: Replica;
  readonly startedAt = monotonicSeconds();
  inFlight = 0;
  hasServed = false;
  isReady = false;
  /** It gets no more calls, and ends with its last. */
  isRetiring = false;
  readyAt = Number.POSITIVE_INFINITY;
  idleSince = Number.POSITIVE_INFINITY;
  #client: Pool | undefined;

  constructor(replica: Replica) {
    this.replica = replica;
  }

  get id(): string {
    return this.replica.plan.id;
  }

  get version(): string {
    return this.replica.plan.version;
  }

  get concurrency(): number {
    return this.replica.plan.concurrency;
  }

  get hasRoom(): boolean {
    return this.isReady && !this.isRetiring && this.inFlight < this.concurrency;
  }

  get client(): Pool {
    this.#client ??= clientFor(this.replica.address, this.concurrency);
    return this.#client;
  }

  /** Breaks off what is still under way. */
  disconnect(): void {
    const client = this.#client;
    this.#client = undefined;
    // What is broken off tells its caller; whether closing went well matters to nobody.
    void client?.destroy().catch(() => undefined);
  }
}
