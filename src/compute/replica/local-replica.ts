import { existsSync } from 'node:fs';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import { type HostSetUp, isFromFunctionHost } from '../function-host/protocol.js';
import type { Limiter, WorkerLimits } from '../local/limits/limiter.js';
import { describeEnd } from './describe-end.js';
import { listensOn } from './listens-on.js';
import { portReady } from './port-ready.js';
import type { Ports } from './ports.js';
import type { PrivateFolder } from './private-folder.js';
import type { Replica, ReplicaAddress, ReplicaEnd, ReplicaPlan } from './replica.js';
import { ReplicaLog } from './replica-log.js';
import { type ProcessExit, ReplicaProcess } from './replica-process.js';
import { replicaProgram } from './replica-program.js';

export interface ReplicaSurroundings {
  readonly host: Host;
  readonly limiter: Limiter;
  readonly folder: PrivateFolder;
  readonly ports: Ports;
  /** By what processes of this host's replicas are known. */
  readonly mark: string;
}

/** A replica that is a process of this machine. */
export class LocalReplica implements Replica {
  readonly plan: ReplicaPlan;
  readonly ready: Promise<void>;
  readonly spoiled: Promise<string>;
  readonly ended: Promise<ReplicaEnd>;
  readonly #number: number;
  readonly #around: ReplicaSurroundings;
  readonly #log: ReplicaLog;
  /** Aborted when nobody waits for it to become ready any more. */
  readonly #starting = new AbortController();
  #port: number | undefined;
  #limits: WorkerLimits | undefined;
  #process: ReplicaProcess | undefined;
  #wasStopped = false;
  /** Why it was ended before it was ready. */
  #refusal: string | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #setReady: () => void = () => undefined;
  #failReady: (error: WattloopError) => void = () => undefined;
  #setSpoiled: (message: string) => void = () => undefined;

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
    this.ended = this.#life();
  }

  get address(): ReplicaAddress {
    return this.plan.kind === 'http'
      ? { host: '127.0.0.1', port: this.#port ?? 0 }
      : { socketPath: this.#around.folder.socketPath(this.#number) };
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get group(): string | undefined {
    return this.#limits?.groupPath;
  }

  cpuSeconds(): number | undefined {
    return this.#limits?.cpuSeconds();
  }

  stop(graceSeconds: number): void {
    if (!this.#wasStopped) this.#process?.signal('SIGTERM');
    this.#wasStopped = true;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.kill(), graceSeconds * 1e3);
  }

  /** Ends it at once. */
  kill(): void {
    this.#wasStopped = true;
    this.#process?.signal('SIGKILL');
  }

  /** From its start to its end. */
  async #life(): Promise<ReplicaEnd> {
    const startTimer = setTimeout(() => this.#tookTooLong(), this.plan.startSeconds * 1e3);
    this.#starting.signal.addEventListener('abort', () => clearTimeout(startTimer));
    const exit = await this.#run();
    this.#starting.abort();
    clearTimeout(this.#killTimer);
    this.#log.close();
    const { folder, ports } = this.#around;
    folder.forget(this.#number);
    if (this.#port !== undefined) ports.giveBack(this.#port);
    const end = describeEnd(this.plan, exit, {
      wasStopped: this.#wasStopped,
      refusal: this.#refusal,
      outOfMemoryKills: this.#limits?.outOfMemoryKills() ?? 0,
    });
    this.#failReady(this.#notStarted(end.message));
    return end;
  }

  async #run(): Promise<ProcessExit> {
    try {
      const started = await this.#start();
      return await started.gone;
    } catch (error) {
      await this.#limits?.release();
      const said = error instanceof WattloopError ? error.line : messageOf(error);
      return { code: null, signal: null, said, wasTooLarge: false };
    }
  }

  async #start(): Promise<ReplicaProcess> {
    const { plan } = this;
    const { folder, limiter, host, mark } = this.#around;
    if (plan.folder !== undefined && !existsSync(plan.folder)) {
      throw new WattloopError(ErrorCode.notFound, `its folder ${plan.folder} is not there`);
    }
    const secretsFolder = folder.keepSecrets(this.#number, plan.secrets);
    if (plan.kind === 'http') await this.#takePort();
    if (this.#wasStopped || this.#refusal !== undefined) {
      throw new WattloopError(ErrorCode.cancelled, 'it was ended before it began');
    }
    const limits = limiter.limit(plan.id, plan.limits);
    this.#limits = limits;
    const ownMark = `${mark}/${plan.id}`;
    const place = { mark: ownMark, secretsFolder, inherited: host.env, port: this.#port };
    const started = new ReplicaProcess({
      host,
      program: replicaProgram(plan, place),
      folder: plan.folder,
      limits,
      log: this.#log,
      mark: ownMark,
      ...(plan.kind === 'http' ? {} : { heard: (message: unknown) => this.#heard(message) }),
    });
    this.#process = started;
    if (plan.kind === 'http') void this.#waitForPort(limits);
    else started.send(this.#setUp(secretsFolder, limits));
    return started;
  }

  async #takePort(): Promise<void> {
    const { ports } = this.#around;
    const { port } = this.plan;
    this.#port = port === undefined ? await ports.take() : await ports.takeThis(port);
  }

  async #waitForPort(limits: WorkerLimits): Promise<void> {
    const port = this.#port ?? 0;
    const { signal } = this.#starting;
    const isOurs = (): boolean => listensOn(this.#around.host, port, this.pid, limits.group?.cpu);
    await portReady({ port, path: this.plan.readyPath, isOurs, signal });
    if (!signal.aborted) this.#isReady();
  }

  #setUp(secretsFolder: string, limits: WorkerLimits): HostSetUp {
    const { kind, module, command, timeoutSeconds } = this.plan;
    return {
      kind: 'set-up',
      mode: kind === 'handler' ? 'handler' : 'command',
      socketPath: this.#around.folder.socketPath(this.#number),
      ...(module === undefined ? {} : { module }),
      ...(command === undefined ? {} : { command }),
      timeoutSeconds,
      secretsFolder,
      ...(limits.killsFile === undefined ? {} : { killsFile: limits.killsFile }),
      clientPid: process.pid,
    };
  }

  #heard(message: unknown): void {
    if (!isFromFunctionHost(message)) return;
    if (message.kind === 'ready') this.#isReady();
    else if (message.kind === 'spoiled') this.#setSpoiled(message.message);
    else this.#refuse(message.message);
  }

  #isReady(): void {
    this.#starting.abort();
    this.#setReady();
  }

  #tookTooLong(): void {
    const { kind, startSeconds, readyPath } = this.plan;
    const what =
      kind !== 'http'
        ? 'it did not come to take calls'
        : readyPath === undefined
          ? `nothing of it listened on port ${this.#port} (PORT)`
          : `${readyPath} on port ${this.#port} (PORT) did not answer with success`;
    this.#refuse(`${what} within ${startSeconds} s`);
  }

  /** It will never take calls: whoever waits for it hears it now, and it is ended. */
  #refuse(message: string): void {
    this.#refusal ??= message;
    this.#failReady(this.#notStarted(message));
    this.#process?.signal('SIGKILL');
  }

  #notStarted(message: string): WattloopError {
    const { function: name, logFile } = this.plan;
    return new WattloopError(ErrorCode.replicaFailed, `a replica of "${name}" did not start: ${message}`, {
      remedy: `What it printed is in ${logFile}`,
    });
  }
}
