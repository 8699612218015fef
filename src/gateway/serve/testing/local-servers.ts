import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Replica, ReplicaEnd, ReplicaHost, ReplicaPlan } from '../../../compute/index.js';

/** A replica that is an HTTP server within the test, so that the test can see and break it. */
export class ServerReplica implements Replica {
  readonly plan: ReplicaPlan;
  readonly pid = undefined;
  readonly group = undefined;
  readonly ready: Promise<void>;
  readonly spoiled = new Promise<string>(() => undefined);
  readonly ended: Promise<ReplicaEnd>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #end: (end: ReplicaEnd) => void = () => undefined;
  hasEnded = false;
  /** Nobody is told of its end. */
  isMute = false;

  constructor(plan: ReplicaPlan, listener: RequestListener, gate: Promise<unknown>) {
    this.plan = plan;
    this.#server = createServer(listener);
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const listening = new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
    this.ready = Promise.all([listening, gate]).then(() => undefined);
    this.ready.catch(() => this.die({ reason: 'crashed', message: 'it never was ready' }));
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  cpuSeconds(): undefined {
    return undefined;
  }

  stop(): void {
    this.die({ reason: 'stopped', message: 'it was told to' });
    this.#end({ reason: 'stopped', message: 'it was told to' });
  }

  /** Its connections break as those of a killed process do. */
  die(end: ReplicaEnd = { reason: 'crashed', message: 'its process was killed by SIGKILL' }): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (!this.isMute) this.#end(end);
  }
}

/** Replicas that are servers within the test. */
export class ServerReplicas implements ReplicaHost {
  readonly started: ServerReplica[] = [];
  /** What new replicas answer with. */
  listener: RequestListener;
  /** What they wait for until they are ready. */
  gate: Promise<unknown> = Promise.resolve();

  constructor(listener: RequestListener = (_request, response) => response.end('ok')) {
    this.listener = listener;
  }

  get live(): ServerReplica[] {
    return this.started.filter((one) => !one.hasEnded);
  }

  refuses(): undefined {
    return undefined;
  }

  start(plan: ReplicaPlan): ServerReplica {
    const replica = new ServerReplica(plan, this.listener, this.gate);
    this.started.push(replica);
    return replica;
  }

  async close(): Promise<void> {
    for (const one of this.started) one.stop();
  }
}
