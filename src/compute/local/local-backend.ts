import { type Host, messageOf, WattloopError } from '../../base/index.js';
import { BYTES_PER_MIB, type Platform, type Resources, type Settings } from '../../model/index.js';
import type { ComputeBackend, StartedTask, Task } from '../backend.js';
import { monotonicSeconds } from '../monotonic.js';
import type { Outcome } from '../worker/protocol.js';
import { CANCELLED, causeOfDeath, outOfMemory } from './cause-of-death.js';
import { ClientMeter } from './client-meter.js';
import { EpochClock } from './epoch-clock.js';
import { LEAST_MEMORY_MIB } from './heap-flags.js';
import { Job } from './job.js';
import type { Limiter, WorkerLimits } from './limits/limiter.js';
import { type Loss, Records } from './records.js';
import type { Room } from './room.js';
import { Shape, shapeKey } from './shape.js';
import { type Death, type WorkerListener, WorkerProcess } from './worker-process.js';

export interface LocalBackendParts {
  readonly host: Host;
  readonly settings: Settings;
  readonly limiter: Limiter;
  readonly platform: Platform;
  readonly room: Room;
  /** The worker's program. */
  readonly program: string;
}

/** Functions in warm worker processes of this machine. */
export class LocalBackend implements ComputeBackend, WorkerListener {
  readonly name = 'local';
  readonly platform: Platform;
  readonly #parts: LocalBackendParts;
  readonly #clock: EpochClock;
  readonly #records: Records;
  readonly #room: Room;
  readonly #shapes = new Map<string, Shape>();
  readonly #workers = new Set<WorkerProcess>();
  readonly #running = new Map<WorkerProcess, Job>();
  #jobs = 0;
  #spawned = 0;
  #isClosed = false;
  #allGone: (() => void) | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  /** Opened while the first worker starts. */
  #clientMeter: Promise<ClientMeter> | undefined;

  constructor(parts: LocalBackendParts) {
    this.#parts = parts;
    this.platform = parts.platform;
    this.#room = parts.room;
    this.#clock = new EpochClock(parts.host.clock);
    this.#records = new Records(this.#clock, parts.platform);
  }

  capacity(resources: Resources): number {
    return this.refuses(resources) === undefined ? this.#room.capacity(resources) : 0;
  }

  refuses({ cpu, memoryMib }: Resources): string | undefined {
    const room = this.#room;
    if (!(cpu > 0 && memoryMib > 0)) return `cpu ${cpu} and memory ${memoryMib} MiB must both be above 0`;
    if (memoryMib < LEAST_MEMORY_MIB) {
      return `a worker itself needs ${LEAST_MEMORY_MIB} MiB of memory, more than the ${memoryMib} MiB asked for`;
    }
    if (room.capacity({ cpu, memoryMib: LEAST_MEMORY_MIB }) < 1) {
      return `${cpu} processors are more than the ${room.cpu} that workers of this machine may have (compute.local.max_cpus)`;
    }
    if (room.capacity({ cpu, memoryMib }) < 1) {
      const most = Math.floor(room.memoryMib);
      return `${memoryMib} MiB of memory are more than the ${most} MiB that workers of this machine may have (compute.local.max_memory_mib)`;
    }
    return undefined;
  }

  start(task: Task): StartedTask {
    const job = new Job(task, this.#jobs++, monotonicSeconds());
    const refusal = this.#isClosed ? 'the backend is closed' : this.refuses(task.resources);
    if (refusal !== undefined) {
      this.#finishUnstarted(job, { status: 'failed', error: { name: 'Refused', message: refusal } });
    } else {
      this.#shape(task.resources).waiting.push(job);
      this.#dispatch();
    }
    return { done: job.done, cancel: (now = false) => this.#cancel(job, now) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (const { waiting } of this.#shapes.values()) {
      for (let job = waiting.shift(); job; job = waiting.shift()) this.#finishUnstarted(job, CANCELLED);
    }
    for (const job of this.#running.values()) this.#cancel(job, false);
    for (const worker of this.#workers) if (!this.#running.has(worker)) worker.kill();
    if (this.#workers.size > 0) {
      await new Promise<void>((resolve) => {
        this.#allGone = resolve;
      });
    }
    await (await this.#clientMeter)?.close();
    await this.#parts.limiter.close();
  }

  ready(worker: WorkerProcess): void {
    void this.#clientMeter?.then((meter) => {
      worker.metered =
        worker.pid === undefined ? undefined : meter.follow(worker.pid, worker.limits.cpuSeconds);
      worker.absent = [...worker.absent, ...meter.absent];
      // Unless it ended meanwhile.
      if (this.#shape(worker.resources).starting.delete(worker)) this.#rest(worker);
    });
  }

  outcome(worker: WorkerProcess, outcome: Outcome): void {
    const job = this.#running.get(worker);
    if (job?.task.id !== outcome.id || job.forced === 'timed_out') return;
    this.#running.delete(worker);
    const loss =
      outcome.status === 'failed' && worker.ranOutOfMemory
        ? outOfMemory(worker.resources.memoryMib)
        : outcome.status === 'cancelled'
          ? CANCELLED
          : undefined;
    job.finish(this.#records.told(job, worker, outcome, loss), outcome.value);
    // One that writes past JavaScript is given its next task when all that it wrote for this one has been read.
    if (worker.writesPast) setImmediate(() => this.#rest(worker));
    else this.#rest(worker);
  }

  ended(worker: WorkerProcess, death: Death): void {
    this.#workers.delete(worker);
    this.#room.giveBack(worker.resources);
    const shape = this.#shape(worker.resources);
    const index = shape.idle.indexOf(worker);
    if (index >= 0) shape.idle.splice(index, 1);
    const job = this.#running.get(worker);
    this.#running.delete(worker);
    if (job) job.finish(this.#records.lost(job, worker, death.at, causeOfDeath(job, death)));
    // A worker that can't even start would be started for ever: it costs the first that waits for it.
    if (shape.starting.delete(worker) && !this.#isClosed) {
      const first = shape.waiting.shift();
      if (first) this.#loseBeforeStart(first, worker, death);
    }
    worker.metered?.close();
    if (this.#workers.size === 0) this.#allGone?.();
    this.#dispatch();
  }

  #loseBeforeStart(job: Job, worker: WorkerProcess, death: Death): void {
    const { status, error } = causeOfDeath(job, death);
    job.startedAt = worker.spawnedAt;
    const message = `its worker did not come up: ${error.message}`;
    job.finish(this.#records.lost(job, worker, death.at, { status, error: { ...error, message } }));
  }

  #finishUnstarted(job: Job, loss: Loss): void {
    job.finish(this.#records.unstarted(job, monotonicSeconds(), loss));
  }

  #cancel(job: Job, now: boolean): void {
    const { worker } = job;
    if (worker === undefined) {
      if (!this.#shape(job.task.resources).waiting.remove(job)) return;
      this.#finishUnstarted(job, CANCELLED);
      this.#dispatch();
      return;
    }
    if (this.#running.get(worker) !== job) return;
    if (now) {
      job.forced ??= 'cancelled';
      worker.kill();
    }
    if (job.forced) return;
    job.forced = 'cancelled';
    worker.cancel(job.task.id);
    clearTimeout(job.timer);
    job.timer = setTimeout(() => worker.kill(), this.#parts.settings.compute.local.grace_seconds * 1e3);
  }

  #shape(resources: Resources): Shape {
    const key = shapeKey(resources);
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = new Shape(resources);
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  /** A worker has nothing to do: it takes the next task, waits for one, or ends. */
  #rest(worker: WorkerProcess): void {
    if (worker.isSpoiled || this.#isClosed) {
      worker.kill();
      return;
    }
    worker.idleSince = monotonicSeconds();
    this.#shape(worker.resources).idle.push(worker);
    this.#dispatch();
    this.#watchIdle();
  }

  /**
   * Gives tasks to workers in the order in which tasks were started. One that has to wait for room holds back all that
   * came after it and needs room or a worker too: else small tasks could keep a large one waiting for ever.
   */
  #dispatch(): void {
    if (this.#isClosed) return;
    const shapes = [...this.#shapes.values()].filter(({ waiting }) => waiting.length > 0);
    if (shapes.length > 1)
      shapes.sort((a, b) => (a.waiting.first?.number ?? 0) - (b.waiting.first?.number ?? 0));
    for (const shape of shapes) {
      while (shape.idle.length > 0 && shape.waiting.length > 0) this.#assign(shape);
      for (let missing = shape.missing; missing > 0; missing--) {
        if (!this.#room.fits(shape.resources)) {
          this.#makeRoom(shape);
          return;
        }
        this.#spawn(shape);
      }
    }
  }

  #assign(shape: Shape): void {
    const worker = shape.idle.pop();
    const job = shape.waiting.shift();
    if (worker === undefined || job === undefined) return;
    job.worker = worker;
    job.startedAt = monotonicSeconds();
    job.isCold = !worker.hasRun;
    job.cpuSecondsBefore = worker.limits.cpuSeconds() ?? 0;
    job.metered = worker.metered?.begin();
    try {
      worker.run(job.task, job.submittedAt <= worker.spawnedAt);
    } catch (error) {
      shape.idle.push(worker);
      const message = `its payload can't be passed to a worker: ${messageOf(error)}`;
      this.#finishUnstarted(job, { status: 'failed', error: { name: 'NotSerialisable', message } });
      return;
    }
    this.#running.set(worker, job);
    const { timeoutSeconds } = job.task;
    if (timeoutSeconds === undefined) return;
    job.timer = setTimeout(() => {
      job.forced ??= 'timed_out';
      worker.kill();
    }, timeoutSeconds * 1e3);
  }

  #spawn(shape: Shape): void {
    const { settings, host, program } = this.#parts;
    const { resources } = shape;
    const name = `local-${process.pid}-${++this.#spawned}`;
    this.#clock.adjust();
    const limits = this.#limits(shape, name);
    if (limits === undefined) return;
    this.#room.take(resources);
    const worker = new WorkerProcess({
      name,
      resources,
      limits,
      program,
      settings,
      sysfs: host.sysfs,
      procfs: host.procfs,
      logLimitBytes: settings.workflow.log_limit_mib * BYTES_PER_MIB,
      listener: this,
    });
    this.#workers.add(worker);
    shape.starting.add(worker);
    this.#clientMeter ??= ClientMeter.open(host, settings);
  }

  /** What a new worker is limited by; without, the first that waits for it has failed. */
  #limits(shape: Shape, name: string): WorkerLimits | undefined {
    try {
      return this.#parts.limiter.limit(name, shape.resources);
    } catch (error) {
      const message = error instanceof WattloopError ? error.line : messageOf(error);
      const job = shape.waiting.shift();
      if (job) this.#finishUnstarted(job, { status: 'failed', error: { name: 'NoWorker', message } });
      return undefined;
    }
  }

  /** Ends idle workers of other sizes, the longest idle first, if that and what is ending anyway makes room for one more. */
  #makeRoom(shape: Shape): void {
    const leaving = [...this.#workers].filter((worker) => worker.isSpoiled && !this.#running.has(worker));
    const freed = leaving.map(({ resources }) => resources);
    const idle = [...this.#shapes.values()]
      .filter((other) => other !== shape)
      .flatMap((other) => other.idle)
      .filter((worker) => !worker.isSpoiled)
      .sort((a, b) => a.idleSince - b.idleSince);
    const chosen: WorkerProcess[] = [];
    while (!this.#room.fits(shape.resources, freed)) {
      const worker = idle.shift();
      if (worker === undefined) return;
      chosen.push(worker);
      freed.push(worker.resources);
    }
    for (const worker of chosen) this.#retire(worker);
  }

  #retire(worker: WorkerProcess): void {
    const { idle } = this.#shape(worker.resources);
    const index = idle.indexOf(worker);
    if (index >= 0) idle.splice(index, 1);
    worker.kill();
  }

  /** One timer for all: it fires when the longest idle worker has been idle for long enough. */
  #watchIdle(): void {
    if (this.#idleTimer !== undefined || this.#isClosed) return;
    const idle = [...this.#shapes.values()].flatMap((shape) => shape.idle);
    if (idle.length === 0) return;
    const seconds = this.#parts.settings.compute.local.idle_seconds;
    const oldest = Math.min(...idle.map(({ idleSince }) => idleSince));
    const wait = Math.max(0, oldest + seconds - monotonicSeconds());
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = undefined;
      const now = monotonicSeconds();
      for (const { idle: candidates } of this.#shapes.values()) {
        for (const worker of [...candidates]) if (worker.idleSince + seconds <= now) this.#retire(worker);
      }
      this.#watchIdle();
    }, wait * 1e3).unref();
  }
}
