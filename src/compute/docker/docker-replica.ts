import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import { type CgroupLayout, groupOfProcess, readGroupDetails } from '../../meter/index.js';
import type { Replica, ReplicaAddress, ReplicaEnd, ReplicaPlan } from '../replica/replica.js';
import type { InspectedContainer } from './answers.js';
import type { Container } from './container.js';
import { ContainerOutput } from './container-output.js';
import { waitUntilReady } from './readiness.js';

export interface ReplicaTools {
  readonly host: Host;
  readonly layout: CgroupLayout | undefined;
  /** The container is made when its replica starts. */
  readonly container: Container;
}

/** Of a container that nobody calls. */
const NO_GRACE_SECONDS = 0;

/** A container that answers calls. */
export class DockerReplica implements Replica {
  readonly plan: ReplicaPlan;
  readonly ready: Promise<void>;
  readonly ended: Promise<ReplicaEnd>;
  /** Nothing in a container tells: it goes on, or ends. */
  readonly spoiled = new Promise<string>(() => undefined);
  readonly #tools: ReplicaTools;
  readonly #output: ContainerOutput;
  /** Told when nobody waits for its being ready any more. */
  readonly #unwanted = new AbortController();
  #address: ReplicaAddress | undefined;
  #pid: number | undefined;
  #group: string | undefined;
  #cpuSeconds: number | undefined;
  #isStopped = false;
  #isLate = false;

  constructor(plan: ReplicaPlan, tools: ReplicaTools) {
    this.plan = plan;
    this.#tools = tools;
    this.#output = new ContainerOutput(plan);
    const started = this.#start();
    this.ended = started.then(
      () => this.#end(),
      (error: unknown) => this.#undo(error),
    );
    this.ready = this.#becomeReady(started);
    // Whoever asks is told; whoever does not is no reason to end the program.
    this.ready.catch(() => undefined);
  }

  /** Of a container it is known once it is ready: the engine gives it. */
  get address(): ReplicaAddress {
    if (this.#address === undefined) {
      throw new WattloopError(
        ErrorCode.internal,
        `the container of ${this.plan.id} was asked for its address before it was ready`,
      );
    }
    return this.#address;
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  get group(): string | undefined {
    return this.#group;
  }

  cpuSeconds(): number | undefined {
    const { layout } = this.#tools;
    if (layout !== undefined && this.#group !== undefined) {
      this.#cpuSeconds = readGroupDetails(layout, this.#group)?.cpuSeconds ?? this.#cpuSeconds;
    }
    return this.#cpuSeconds;
  }

  stop(graceSeconds: number): void {
    this.#isStopped = true;
    this.#unwanted.abort();
    // When the engine fails to, the container's end is waited for all the same.
    this.#tools.container.stop(graceSeconds).catch((error: unknown) => {
      this.#tools.host.log.warn('a container could not be stopped', {
        replica: this.plan.id,
        error: messageOf(error),
      });
    });
  }

  async #start(): Promise<void> {
    const { container } = this.#tools;
    await container.create();
    // Told to stop before there was anything to stop.
    if (this.#isStopped) throw new WattloopError(ErrorCode.cancelled, `${this.plan.id} was stopped`);
    await container.start();
    const state = await container.inspect();
    this.#place(state);
    this.#address = container.addressIn(state);
    await this.#output.follow(container.engine, container.id);
    if (this.#isStopped) this.stop(NO_GRACE_SECONDS);
  }

  #place({ State: { Pid: pid, Running: isRunning } }: InspectedContainer): void {
    const { host, layout, container } = this.#tools;
    if (!isRunning || layout === undefined) return;
    const group = groupOfProcess(host, layout.cpu, pid);
    // Of an engine on another machine, or in another pid namespace, it is someone else's.
    if (group === undefined || !group.includes(container.id)) return;
    this.#pid = pid;
    this.#group = group;
  }

  async #becomeReady(started: Promise<void>): Promise<void> {
    const { startSeconds, id } = this.plan;
    const timer = setTimeout(() => {
      this.#isLate = true;
      this.stop(NO_GRACE_SECONDS);
    }, startSeconds * 1e3);
    try {
      const missing = await this.#untilReady(started);
      if (missing === undefined) return;
      const how = this.#isLate ? `did not become ready in ${startSeconds} s` : 'ended before it was ready';
      throw new WattloopError(ErrorCode.runFailed, `the container of ${id} ${how}: ${missing}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Undefined when it takes calls, else what was missing. */
  async #untilReady(started: Promise<void>): Promise<string | undefined> {
    try {
      await started;
    } catch (error) {
      if (this.#isLate) return messageOf(error);
      throw error;
    }
    const { container, host } = this.#tools;
    const address = this.address;
    if (!('port' in address)) return undefined;
    const { readyPath } = this.plan;
    const door = { ...address, readyPath, isOwn: container.isReachedByItself };
    const probing = waitUntilReady(host.clock, door, this.#unwanted.signal);
    const ended = this.ended.then(({ message }) => message);
    const missing = await Promise.race([probing, ended]);
    this.#unwanted.abort();
    if (missing === undefined) return this.#isStopped ? 'it was stopped' : undefined;
    // A container that is gone says more than the connection that it refuses.
    return this.#isLate ? missing : await ended;
  }

  async #end(): Promise<ReplicaEnd> {
    const { container } = this.#tools;
    const state = await container.ended();
    this.#unwanted.abort();
    await this.#output.close();
    await container.remove();
    return this.#describe(state);
  }

  async #undo(error: unknown): Promise<ReplicaEnd> {
    await this.#output.close();
    await this.#tools.container.remove();
    return { reason: this.#reason, message: messageOf(error) };
  }

  get #reason(): 'stopped' | 'crashed' {
    return this.#isStopped && !this.#isLate ? 'stopped' : 'crashed';
  }

  #describe(state: InspectedContainer['State'] | undefined): ReplicaEnd {
    const said = this.#output.tail === '' ? '' : `: ${this.#output.tail}`;
    if (state?.OOMKilled) {
      const { memoryMib } = this.plan.limits;
      const given =
        memoryMib === undefined ? 'than the machine has' : `than the ${memoryMib} MiB that it was given`;
      return { reason: 'out_of_memory', message: `needs more memory ${given}${said}` };
    }
    const how =
      state === undefined ? 'its container is gone' : `its container ended with code ${state.ExitCode}`;
    return { reason: this.#reason, message: `${how}${said}` };
  }
}
