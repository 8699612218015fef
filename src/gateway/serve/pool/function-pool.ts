import { type Logger, messageOf, WattloopError } from '../../../base/index.js';
import { monotonicSeconds, type Replica, type ReplicaEnd } from '../../../compute/index.js';
import type { DeployedFunction } from '../../../model/index.js';
import type { Refusal } from '../refusal.js';
import { CallQueue } from './call-queue.js';
import { PooledReplica } from './pooled-replica.js';
import type { ReplicaRoom, RoomGuest } from './replica-room.js';
import type { Waiter, Waiting } from './seat.js';
import { Setbacks } from './setbacks.js';

export interface PoolParts {
  readonly log: Logger;
  readonly room: ReplicaRoom;
  /** Starts a replica of this version; throws where none can be had. */
  readonly start: (deployed: DeployedFunction) => Replica;
  /** Keeps the files of a version until what is returned is called. */
  readonly use: (deployed: DeployedFunction) => () => void;
  readonly onReady: (replica: Replica) => void;
  readonly onEnded: (replica: Replica, end: ReplicaEnd) => void;
}

/** What a replica may take for calls that are not seen to end, before it is ended by force. */
const STOP_GRACE_SECONDS = 5;
const RETRY_AFTER_SECONDS = 1;

const lineOf = (error: unknown): string => (error instanceof WattloopError ? error.line : messageOf(error));

/**
 * The replicas of one function: started when calls come, kept warm for a while, replaced when they break. A new version
 * takes over replica by replica; if it doesn't come up the one before goes on.
 */
export class FunctionPool implements RoomGuest {
  readonly #parts: PoolParts;
  readonly #members = new Set<PooledReplica>();
  readonly #setbacks = new Setbacks();
  /** Lets go of the files of versions, by version. */
  readonly #used = new Map<string, () => void>();
  readonly #queue: CallQueue;
  #current: DeployedFunction;
  /** Serves until the current version has come up. */
  #previous: DeployedFunction | undefined;
  #minimum: number;
  #timer: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isClosed = false;
  #empty: (() => void) | undefined;

  constructor(deployed: DeployedFunction, parts: PoolParts) {
    this.#parts = parts;
    this.#current = deployed;
    this.#queue = new CallQueue(deployed.spec.queue.deadlineSeconds);
    this.#minimum = deployed.spec.scale.minReplicas;
    this.#useFiles();
    this.#keepMinimum();
  }

  /** The version that new calls are meant for. */
  get deployed(): DeployedFunction {
    return this.#current;
  }

  get replicas(): number {
    return this.#count((one) => !one.isRetiring);
  }

  get availableReplicas(): number {
    return this.#count((one) => one.isReady && !one.isRetiring);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get inFlight(): number {
    let sum = 0;
    for (const one of this.#members) sum += one.inFlight;
    return sum;
  }

  /** Why the current version does not come up. */
  get problem(): string | undefined {
    return this.#setbacks.last;
  }

  get idleSince(): number | undefined {
    return this.#idle()?.idleSince;
  }

  letGo(): void {
    const idle = this.#idle();
    if (idle) this.#retire(idle);
  }

  roomFreed(): void {
    this.#startForWaiting();
  }

  /** A place at a replica, at once or later. What is returned waits, and can leave. */
  take(waiter: Waiter): Waiting | undefined {
    const free = this.#queue.length === 0 ? this.#choose() : undefined;
    if (free) {
      free.inFlight++;
      waiter.seated(free);
      return undefined;
    }
    const refusal = this.#whyNot();
    if (refusal) {
      waiter.refused(refusal);
      return undefined;
    }
    const waiting = this.#queue.push(waiter, monotonicSeconds());
    this.#startForWaiting();
    this.#watchDeadline();
    return waiting;
  }

  leave(waiting: Waiting): void {
    this.#queue.remove(waiting);
  }

  /** A call is over. */
  release(pooled: PooledReplica): void {
    pooled.inFlight--;
    pooled.hasServed = true;
    if (pooled.isRetiring) {
      if (pooled.inFlight === 0) this.#end(pooled);
      return;
    }
    if (this.#queue.length > 0) this.#seatWaiting();
    if (pooled.inFlight === 0) pooled.idleSince = monotonicSeconds();
  }

  /** It gets no more calls, and is replaced where it is needed. */
  retire(pooled: PooledReplica): void {
    this.#retire(pooled);
    this.#startForWaiting();
    this.#keepMinimum();
  }

  redeploy(deployed: DeployedFunction): void {
    const before = this.#current;
    this.#current = deployed;
    this.#minimum = deployed.spec.scale.minReplicas;
    this.#setbacks.forget();
    this.#queue.patienceSeconds = deployed.spec.queue.deadlineSeconds;
    if (before.version === deployed.version) return;
    const serving = [...this.#members].filter((one) => !one.isRetiring);
    for (const one of serving) if (!one.isReady) this.#retire(one);
    const ready = serving.filter((one) => one.isReady).length;
    this.#previous = ready > 0 ? (this.#previous ?? before) : undefined;
    this.#useFiles();
    const wanted = Math.min(Math.max(this.#minimum, ready), deployed.spec.scale.maxReplicas);
    for (let n = 0; n < wanted; n++) this.#start(deployed);
    this.#startForWaiting();
  }

  /** So many replicas from now on, until it is said otherwise; the most that it may have stays. */
  scaleTo(replicas: number): void {
    this.#minimum = Math.min(replicas, this.#current.spec.scale.maxReplicas);
    const surplus = [...this.#members].filter((one) => !one.isRetiring).slice(this.#minimum);
    for (const one of surplus) this.#retire(one);
    this.#keepMinimum();
    this.#startForWaiting();
  }

  /** Ends replicas that have been idle for long enough. */
  reap(now: number): void {
    const { idleSeconds } = this.#current.spec.scale;
    for (const one of this.#members) {
      if (!one.isReady || one.isRetiring || one.inFlight > 0) continue;
      if (one.idleSince + idleSeconds <= now && this.replicas > this.#minimum) this.#retire(one);
    }
  }

  /** No more calls; settles when its replicas are gone. Those that wait are refused. */
  async close(refusal: Refusal): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#restart);
    for (let one = this.#queue.shift(); one; one = this.#queue.shift()) one.waiter.refused(refusal);
    for (const letGo of this.#used.values()) letGo();
    for (const one of this.#members) this.#retire(one);
    if (this.#members.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#empty = resolve;
    });
  }

  /** A version that may start replicas needs its files. */
  #useFiles(): void {
    const versions = [this.#current, ...(this.#previous ? [this.#previous] : [])];
    for (const one of versions)
      if (!this.#used.has(one.version)) this.#used.set(one.version, this.#parts.use(one));
    for (const [version, letGo] of this.#used) {
      if (versions.some((one) => one.version === version)) continue;
      this.#used.delete(version);
      letGo();
    }
  }

  #count(is: (one: PooledReplica) => boolean): number {
    let count = 0;
    for (const one of this.#members) if (is(one)) count++;
    return count;
  }

  /** The least busy one with room; of these the one that was busy last, so that the others can rest. */
  #choose(): PooledReplica | undefined {
    let best: PooledReplica | undefined;
    for (const one of this.#members) {
      if (!one.hasRoom) continue;
      if (best === undefined || one.inFlight < best.inFlight) best = one;
      else if (one.inFlight === best.inFlight && one.idleSince > best.idleSince) best = one;
    }
    return best;
  }

  #idle(): PooledReplica | undefined {
    if (this.replicas <= this.#minimum) return undefined;
    let longest: PooledReplica | undefined;
    for (const one of this.#members) {
      if (!one.isReady || one.isRetiring || one.inFlight > 0) continue;
      if (longest === undefined || one.idleSince < longest.idleSince) longest = one;
    }
    return longest;
  }

  #whyNot(): Refusal | undefined {
    if (this.#isClosed) return { reason: 'removed', message: 'the function is being removed' };
    const { scale, queue } = this.#current.spec;
    const live = this.replicas;
    const blocked = this.#setbacks.secondsLeft(monotonicSeconds());
    if (live === 0 && blocked > 0) {
      const message = `no replica comes up: ${this.#setbacks.last}`;
      return { reason: 'start_failed', message, retryAfterSeconds: Math.ceil(blocked) };
    }
    // Those that a replica will have a place for as soon as it is up do not count as waiting.
    const coming = this.#count((one) => !one.isReady && !one.isRetiring) * scale.concurrency;
    const toCome = live < scale.maxReplicas ? scale.concurrency : 0;
    if (this.#queue.length < queue.limit + coming + toCome) return undefined;
    const message = `${this.#queue.length} calls wait already`;
    return { reason: 'queue_full', message, retryAfterSeconds: RETRY_AFTER_SECONDS };
  }

  #seatWaiting(): void {
    while (this.#queue.length > 0) {
      const free = this.#choose();
      if (free === undefined) return;
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      free.inFlight++;
      waiting.waiter.seated(free);
    }
  }

  #startForWaiting(): void {
    if (this.#isClosed || this.#restart !== undefined) return;
    const { maxReplicas, concurrency } = this.#current.spec.scale;
    const starting = this.#count((one) => !one.isReady && !one.isRetiring);
    let missing = Math.ceil(this.#queue.length / concurrency) - starting;
    for (let live = this.replicas; missing > 0 && live < maxReplicas; live++, missing--)
      if (!this.#start(this.#current)) return;
  }

  #keepMinimum(): void {
    if (this.#isClosed || this.#restart !== undefined) return;
    for (let live = this.replicas; live < this.#minimum; live++) if (!this.#start(this.#current)) return;
  }

  /** False when there is no room, or it can't even be tried. */
  #start(deployed: DeployedFunction): boolean {
    if (!this.#parts.room.take(this)) return false;
    let replica: Replica;
    try {
      replica = this.#parts.start(deployed);
    } catch (error) {
      this.#parts.room.giveBack(this, this.#members.size === 0);
      this.#failed(lineOf(error));
      return false;
    }
    const pooled = new PooledReplica(replica);
    this.#members.add(pooled);
    replica.ready.then(
      () => this.#ready(pooled),
      (error: unknown) => {
        this.#retire(pooled);
        this.#failed(lineOf(error));
      },
    );
    void replica.spoiled.then(() => this.retire(pooled));
    void replica.ended.then((end) => this.#ended(pooled, end));
    return true;
  }

  #ready(pooled: PooledReplica): void {
    if (pooled.isRetiring) return;
    pooled.isReady = true;
    pooled.readyAt = monotonicSeconds();
    pooled.idleSince = pooled.readyAt;
    this.#parts.onReady(pooled.replica);
    if (pooled.version === this.#current.version) this.#takeOver();
    this.#seatWaiting();
  }

  /** A replica of the current version is up: one of an earlier version may go, and with the last that starts all of them. */
  #takeOver(): void {
    this.#setbacks.forget();
    this.#previous = undefined;
    this.#useFiles();
    const old = [...this.#members].filter((one) => !one.isRetiring && one.version !== this.#current.version);
    const isLast = this.#count((one) => !one.isReady && !one.isRetiring) === 0;
    for (const one of isLast ? old : old.slice(0, 1)) this.#retire(one);
  }

  /** A replica did not come up: that may have been an accident, and is tried again. */
  #failed(message: string): void {
    if (this.#isClosed) return;
    const { name } = this.#current.spec;
    if (this.#setbacks.last !== message)
      this.#parts.log.warn('a replica does not come up', { function: name, error: message });
    const delay = this.#setbacks.add(message, monotonicSeconds());
    if (this.#setbacks.isLasting) this.#giveUp(message);
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      // A version that is to take over is started also when nobody waits for it.
      if (this.#previous !== undefined && !this.#isClosed) this.#start(this.#current);
      this.#keepMinimum();
      this.#startForWaiting();
    }, delay * 1e3).unref();
  }

  /** The version before goes on, where there is one; else whoever waits is told. */
  #giveUp(message: string): void {
    if (this.#previous !== undefined && this.#count((one) => !one.isReady && !one.isRetiring) === 0) {
      this.#parts.log.warn('the version before goes on', { function: this.#current.spec.name });
      this.#current = this.#previous;
      this.#previous = undefined;
      this.#useFiles();
    }
    if (this.availableReplicas > 0) return;
    const refusal: Refusal = { reason: 'start_failed', message: `no replica comes up: ${message}` };
    for (let one = this.#queue.shift(); one; one = this.#queue.shift()) one.waiter.refused(refusal);
  }

  #retire(pooled: PooledReplica): void {
    if (pooled.isRetiring) return;
    pooled.isRetiring = true;
    if (pooled.inFlight === 0) this.#end(pooled);
  }

  #end(pooled: PooledReplica): void {
    pooled.disconnect();
    pooled.replica.stop(STOP_GRACE_SECONDS);
  }

  #ended(pooled: PooledReplica, end: ReplicaEnd): void {
    const wasReady = pooled.isReady;
    const wasRetiring = pooled.isRetiring;
    pooled.isRetiring = true;
    this.#members.delete(pooled);
    pooled.disconnect();
    this.#parts.room.giveBack(this, this.#members.size === 0);
    this.#parts.onEnded(pooled.replica, end);
    if (this.#members.size === 0) this.#empty?.();
    if (wasRetiring || !wasReady) return;
    this.#parts.log.warn('a replica ended', { function: this.#current.spec.name, reason: end.message });
    this.#startForWaiting();
    this.#keepMinimum();
  }

  /** One timer for the whole queue: its first is the first to lose patience. */
  #watchDeadline(): void {
    if (this.#timer !== undefined) return;
    const first = this.#queue.first;
    if (first === undefined) return;
    const wait = Math.max(0, first.deadline - monotonicSeconds()) * 1e3;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#refuseLate();
      this.#watchDeadline();
    }, wait);
  }

  #refuseLate(): void {
    const now = monotonicSeconds();
    for (let one = this.#queue.first; one !== undefined && one.deadline <= now; one = this.#queue.first) {
      this.#queue.remove(one);
      const waited = (now - one.since).toFixed(1);
      one.waiter.refused({ reason: 'queue_deadline', message: `no replica was free within ${waited} s` });
    }
  }
}
