import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import { type HostSetUp, isFromFunctionHost } from '../function-host/protocol.js';
import { drained } from '../local/drained.js';
import type { Limiter, WorkerLimits } from '../local/limits/limiter.js';
import { StderrTail } from '../local/stderr-tail.js';
import type { Ports } from './free-port.js';
import { listensOn } from './listens-on.js';
import { killMarked } from './marked-processes.js';
import { portReady } from './port-ready.js';
import type { PrivateFolder } from './private-folder.js';
import { describeEnd, type Exit } from './process-end.js';
import type { Replica, ReplicaAddress, ReplicaEnd, ReplicaPlan } from './replica.js';
import { ReplicaLog } from './replica-log.js';
import { replicaProgram } from './replica-program.js';

export interface ReplicaSurroundings {
  readonly host: Host;
  readonly limiter: Limiter;
  readonly folder: PrivateFolder;
  readonly ports: Ports;
  readonly mark: string;
}

/** A replica that is a process of this machine, from spawn to exit. */
export class LocalReplica implements Replica {
  readonly plan: ReplicaPlan;
  readonly ready: Promise<void>;
  readonly spoiled: Promise<string>;
  readonly ended: Promise<ReplicaEnd>;
  readonly #number: number;
  readonly #around: ReplicaSurroundings;
  readonly #stderr = new StderrTail();
  readonly #log: ReplicaLog;
  /** Aborted when nobody waits for it to become ready any more. */
  readonly #starting = new AbortController();
  #port: number | undefined;
  #limits: WorkerLimits | undefined;
  #child: ChildProcess | undefined;
  #wasStopped = false;
  #wasTooLarge = false;
  #hasEnded = false;
  #killTimer: NodeJS.Timeout | undefined;
  #startTimer: NodeJS.Timeout | undefined;
  #setReady: () => void = () => undefined;
  #failReady: (error: WattloopError) => void = () => undefined;
  #setSpoiled: (message: string) => void = () => undefined;
  #setEnded: (end: ReplicaEnd) => void = () => undefined;

  constructor(plan: ReplicaPlan, number: number, around: ReplicaSurroundings) {
    this.plan = plan;
    this.#number = number;
    this.#around = around;
    this.#log = new ReplicaLog(plan.logFile, plan.logLimitBytes);
    this.ready = new Promise((resolve, reject) => {
      this.#setReady = resolve;
      this.#failReady = reject;
    });
    // Nobody need wait for it.
    this.ready.catch(() => undefined);
    this.spoiled = new Promise((resolve) => {
      this.#setSpoiled = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#setEnded = resolve;
    });
    this.#start().catch((error: unknown) => this.#neverBegan(error));
  }

  get address(): ReplicaAddress {
    return this.plan.kind === 'http'
      ? { host: '127.0.0.1', port: this.#port ?? 0 }
      : { socketPath: this.#around.folder.socketPath(this.#number) };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get group(): string | undefined {
    return this.#limits?.groupPath;
  }

  cpuSeconds(): number | undefined {
    return this.#limits?.cpuSeconds();
  }

  stop(graceSeconds: number): void {
    if (this.#hasEnded) return;
    if (!this.#wasStopped) {
      this.#wasStopped = true;
      this.#signal('SIGTERM');
    }
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.#signal('SIGKILL'), graceSeconds * 1e3);
  }

  /** Ends it at once. */
  kill(): void {
    this.#wasStopped = true;
    this.#signal('SIGKILL');
  }

  async #start(): Promise<void> {
    const { plan } = this;
    this.#startTimer = setTimeout(() => this.#tookTooLong(), plan.startSeconds * 1e3);
    const { folder, limiter, host } = this.#around;
    if (plan.folder !== undefined && !existsSync(plan.folder)) {
      throw new WattloopError(ErrorCode.notFound, `its folder ${plan.folder} is not there`);
    }
    if (plan.kind === 'http') await this.#takePort();
    if (this.#wasStopped) throw new WattloopError(ErrorCode.cancelled, 'was stopped before it began');
    const secretsFolder = folder.keepSecrets(this.#number, plan.secrets);
    this.#limits = limiter.limit(plan.id, plan.limits);
    const { command, environment } = replicaProgram(plan, {
      mark: this.#around.mark,
      secretsFolder,
      inherited: host.env,
      port: this.#port,
    });
    const [file = '', ...args] = this.#limits.command(command);
    const isOurs = plan.kind !== 'http';
    // A group and session of its own: Ctrl-C on the terminal is for this process, and what it starts is killed with it.
    const child = spawn(file, args, {
      cwd: plan.folder,
      env: environment,
      stdio: isOurs ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
      serialization: 'advanced',
      detached: true,
    });
    this.#child = child;
    this.#listen(child);
    if (child.pid !== undefined) this.#limits.begun(child.pid, () => this.#tooLarge());
    if (isOurs) this.#setUp(child, secretsFolder, this.#limits);
    else await this.#waitForPort();
  }

  async #takePort(): Promise<void> {
    const { ports } = this.#around;
    const { port } = this.plan;
    this.#port = port === undefined ? await ports.take() : await ports.takeThis(port);
  }

  async #waitForPort(): Promise<void> {
    const port = this.#port ?? 0;
    const { host } = this.#around;
    await portReady({
      port,
      path: this.plan.readyPath,
      isOurs: () => listensOn(host, port, this.pid, this.#limits?.group?.cpu),
      signal: this.#starting.signal,
    });
    if (!this.#starting.signal.aborted) this.#isReady();
  }

  #setUp(child: ChildProcess, secretsFolder: string, limits: WorkerLimits): void {
    const { plan } = this;
    const setUp: HostSetUp = {
      kind: 'set-up',
      mode: plan.kind === 'handler' ? 'handler' : 'command',
      socketPath: this.#around.folder.socketPath(this.#number),
      ...(plan.module === undefined ? {} : { module: plan.module }),
      ...(plan.command === undefined ? {} : { command: plan.command }),
      concurrency: plan.concurrency,
      timeoutSeconds: plan.timeoutSeconds,
      secretsFolder,
      ...(limits.killsFile === undefined ? {} : { killsFile: limits.killsFile }),
      clientPid: process.pid,
    };
    child.on('message', (message) => {
      if (!isFromFunctionHost(message)) return;
      if (message.kind === 'ready') this.#isReady();
      else if (message.kind === 'spoiled') this.#setSpoiled(message.message);
      else this.#failed(message.message);
    });
    // A channel that has closed shows in the process's end.
    if (child.connected) child.send(setUp, () => undefined);
  }

  #listen(child: ChildProcess): void {
    child.stdout?.on('data', (chunk: Buffer) => this.#log.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr.write(chunk);
      this.#log.write(chunk);
    });
    child.on('error', (error) => {
      // A process that never began has no end to wait for.
      if (child.pid === undefined) this.#neverBegan(error);
    });
    child.on('exit', (code, signal) => void this.#exited(child, code, signal));
  }

  #isReady(): void {
    clearTimeout(this.#startTimer);
    this.#setReady();
  }

  #failed(message: string): void {
    this.#failReady(
      new WattloopError(
        ErrorCode.replicaFailed,
        `a replica of "${this.plan.function}" did not start: ${message}`,
        {
          remedy: `What it printed is in ${this.plan.logFile}`,
        },
      ),
    );
  }

  #tookTooLong(): void {
    const { startSeconds, readyPath } = this.plan;
    const sign =
      this.plan.kind !== 'http'
        ? 'did not come to serve calls'
        : readyPath === undefined
          ? `nothing of it listens on port ${this.#port} (PORT)`
          : `${readyPath} on port ${this.#port} (PORT) does not answer with success`;
    this.#failed(`${sign} within ${startSeconds} s`);
    this.#signal('SIGKILL');
  }

  #tooLarge(): void {
    this.#wasTooLarge = true;
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#hasEnded) return;
    try {
      process.kill(-pid, signal);
    } catch {
      this.#child?.kill(signal);
    }
  }

  async #exited(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#starting.abort();
    const { host, mark } = this.#around;
    // Without a control group what it left behind is known by its process group and its mark.
    if (this.group === undefined) {
      this.#signal('SIGKILL');
      killMarked(host, `${mark}/${this.plan.id}`);
    }
    await this.#limits?.release();
    await drained(child);
    this.#finish({ code, signal, said: this.#stderr.text });
  }

  #neverBegan(error: unknown): void {
    const said = error instanceof WattloopError ? error.line : messageOf(error);
    void Promise.resolve(this.#limits?.release()).then(() =>
      this.#finish({ code: null, signal: null, said }),
    );
  }

  #finish(exit: Pick<Exit, 'code' | 'signal' | 'said'>): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#starting.abort();
    clearTimeout(this.#startTimer);
    clearTimeout(this.#killTimer);
    this.#log.close();
    const { folder, ports } = this.#around;
    folder.forget(this.#number);
    if (this.#port !== undefined) ports.giveBack(this.#port);
    const how = { ...exit, wasStopped: this.#wasStopped, wasTooLarge: this.#wasTooLarge };
    const end = describeEnd(this.plan, how, this.#limits);
    this.#failed(end.message);
    this.#setEnded(end);
  }
}
