import { type ChildProcess, spawn } from 'node:child_process';
import { messageOf } from '../../base/index.js';
import type { AbsentMethod, Resources, Settings, SourceName } from '../../model/index.js';
import type { Task } from '../backend.js';
import { InvocationLog } from '../log/invocation-log.js';
import { monotonicSeconds } from '../monotonic.js';
import { isFromWorker, type Outcome, type SetUp, type ToWorker } from '../worker/protocol.js';
import type { MeteredWorker } from './client-meter.js';
import { drained } from './drained.js';
import { HEAP_EXHAUSTED, heapFlags } from './heap-flags.js';
import type { WorkerLimits } from './limits/limiter.js';
import { StderrTail } from './stderr-tail.js';

/** How a worker's process came to its end. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its standard error, or why it could not be started. */
  readonly said: string;
  /** True when the kernel, V8 or the watchdog ended it for want of memory. */
  readonly wasOutOfMemory: boolean;
  /** When, on the monotonic clock. */
  readonly at: number;
}

/** Who is told what becomes of a worker. */
export interface WorkerListener {
  ready(worker: WorkerProcess): void;
  outcome(worker: WorkerProcess, outcome: Outcome): void;
  /** The last that is heard of it; what was made for it is gone. */
  ended(worker: WorkerProcess, death: Death): void;
}

export interface WorkerOptions {
  readonly name: string;
  readonly resources: Resources;
  readonly limits: WorkerLimits;
  readonly program: string;
  readonly settings: Settings;
  readonly sysfs: string;
  readonly procfs: string;
  readonly logLimitBytes: number;
  readonly listener: WorkerListener;
}

/** A worker's process, from spawn to exit. */
export class WorkerProcess {
  readonly name: string;
  readonly resources: Resources;
  readonly limits: WorkerLimits;
  readonly spawnedAt = monotonicSeconds();
  /** Not to be given another task. */
  isSpoiled = false;
  idleSince = 0;
  hasRun = false;
  absent: readonly AbsentMethod[] = [];
  /** What the client meters of it, once that is open. */
  metered: MeteredWorker | undefined;
  energySources: readonly SourceName[] = [];
  readonly #child: ChildProcess;
  readonly #stderr = new StderrTail();
  readonly #logLimitBytes: number;
  readonly #listener: WorkerListener;
  #killsBefore = 0;
  #tooLarge = false;
  #spawnError = '';
  #log: InvocationLog | undefined;
  /** Of the task before, as long as what that wrote may still stand in the pipes. */
  #logBefore: InvocationLog | undefined;
  #writesPast = false;

  constructor(options: WorkerOptions) {
    const { limits, listener, settings, sysfs, procfs, logLimitBytes } = options;
    this.name = options.name;
    this.resources = options.resources;
    this.limits = limits;
    this.#listener = listener;
    this.#logLimitBytes = logLimitBytes;
    const [file = '', ...args] = limits.command([
      process.execPath,
      ...heapFlags(options.resources.memoryMib),
      options.program,
    ]);
    // A group of its own: Ctrl-C on the terminal is for the client, and commands of a worker are killed with it.
    this.#child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      detached: true,
    });
    this.#listen();
    if (this.#child.pid !== undefined) {
      limits.begun(this.#child.pid, () => {
        this.#tooLarge = true;
        this.kill();
      });
    }
    this.#send({
      kind: 'set-up',
      settings,
      sysfs,
      procfs,
      clientPid: process.pid,
      spawnedAt: this.spawnedAt,
      logLimitBytes,
      ...(limits.group ? { group: limits.group } : {}),
    } satisfies SetUp);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Throws what can't be serialised of the task; the worker is as it was then. */
  run(task: Task, waited: boolean): void {
    this.#killsBefore = this.limits.outOfMemoryKills();
    if (this.#logBefore !== this.#log) this.#log?.close();
    this.#log = new InvocationLog(task.logFile, this.#logLimitBytes);
    this.#send({ kind: 'run', task, waited });
    this.hasRun = true;
  }

  cancel(id: string): void {
    this.#send({ kind: 'cancel', id });
  }

  /** True when the kernel killed something of the running task for want of memory, be it a command that it started. */
  get ranOutOfMemory(): boolean {
    return this.limits.outOfMemoryKills() > this.#killsBefore;
  }

  /** True when the task wrote to the descriptors of stdout or stderr, past JavaScript. */
  get isLogged(): boolean {
    return this.#log?.isWritten ?? false;
  }

  /** True when some task of it has written to the descriptors of stdout or stderr, past JavaScript. */
  get writesPast(): boolean {
    return this.#writesPast;
  }

  /**
   * A task has ended. What it wrote to its descriptors came before that, but through pipes of their own, which may be read
   * after the channel: until all is read that came with the outcome, it is of this task, also when the next has begun.
   */
  #taskEnded(): void {
    const log = this.#log;
    this.#logBefore = log;
    setImmediate(() => {
      if (this.#log !== log) log?.close();
      this.#logBefore = undefined;
    });
  }

  #writeLog(chunk: Buffer): void {
    this.#writesPast = true;
    (this.#logBefore ?? this.#log)?.write(chunk);
  }

  /** Ends it at once, with the commands that it started. */
  kill(): void {
    this.isSpoiled = true;
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  #send(message: ToWorker): void {
    // A channel that has closed shows in the process's end; nobody needs to hear of it twice.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #listen(): void {
    const child = this.#child;
    child.on('message', (message) => {
      if (!isFromWorker(message)) return;
      if (message.kind === 'outcome') {
        this.#taskEnded();
        this.#listener.outcome(this, message);
      } else if (message.kind === 'spoiled') this.isSpoiled = true;
      else {
        this.absent = message.absent;
        this.energySources = message.energySources;
        this.#listener.ready(this);
      }
    });
    child.stdout?.on('data', (chunk: Buffer) => this.#writeLog(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr.write(chunk);
      this.#writeLog(chunk);
    });
    child.on('error', (error) => {
      this.#spawnError = messageOf(error);
      // A process that never began has no end to wait for.
      if (child.pid === undefined) void this.#ended(null, null);
    });
    // `close` comes when the pipes are read to their end; commands left behind may hold them open for ever, so that the
    // process's own end counts, and what it said last is waited for only as long as its pipe has more.
    child.on('exit', (code, signal) => void this.#ended(code, signal));
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.isSpoiled = true;
    const at = monotonicSeconds();
    const kills = this.limits.outOfMemoryKills();
    await this.limits.release();
    await drained(this.#child);
    this.#log?.close();
    const said = this.#stderr.text || this.#spawnError;
    const wasOutOfMemory = this.#tooLarge || kills > this.#killsBefore || HEAP_EXHAUSTED.test(said);
    this.#listener.ended(this, { code, signal, said, wasOutOfMemory, at });
  }
}
