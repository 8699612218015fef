import { AsyncLocalStorage } from 'node:async_hooks';
import { messageOf } from '../../base/index.js';
import { captureOutput } from './capture-output.js';
import { describeError } from './describe-error.js';
import { RunningInvocation } from './invocation.js';
import type { FromWorker, Outcome, SetUp, ToWorker } from './protocol.js';
import { WorkerMeter } from './worker-meter.js';

type RunMessage = Extract<ToWorker, { kind: 'run' }>;

/** Runs one invocation at a time and answers each with its outcome. */
export class Worker {
  readonly #meter: WorkerMeter;
  readonly #logLimitBytes: number;
  readonly #send: (message: FromWorker) => void;
  /** Whose code runs: also in a timer or a promise that an invocation left behind. */
  readonly #owner = new AsyncLocalStorage<RunningInvocation>();
  #current: RunningInvocation | undefined;
  #last: RunningInvocation | undefined;

  private constructor(meter: WorkerMeter, logLimitBytes: number, send: (message: FromWorker) => void) {
    this.#meter = meter;
    this.#logLimitBytes = logLimitBytes;
    this.#send = send;
  }

  static async open(setUp: SetUp, send: (message: FromWorker) => void): Promise<Worker> {
    const worker = new Worker(await WorkerMeter.open(setUp), setUp.logLimitBytes, send);
    captureOutput(() => worker.#owner.getStore()?.log ?? worker.#last?.log);
    process.on('uncaughtException', (error) => worker.#uncaught(error));
    process.on('unhandledRejection', (error) => worker.#uncaught(error));
    const { absent, energySources } = worker.#meter;
    send({ kind: 'ready', absent, energySources });
    return worker;
  }

  async run({ task, waited }: RunMessage): Promise<void> {
    const metered = this.#meter.begin(waited);
    const invocation = new RunningInvocation(task, this.#logLimitBytes);
    this.#current = invocation;
    this.#last = invocation;
    const outcome = await this.#owner.run(invocation, () => invocation.run(metered));
    this.#current = undefined;
    this.#answer(outcome);
  }

  cancel(id: string): void {
    if (this.#current?.task.id === id) this.#current.cancel();
  }

  #answer(outcome: Outcome): void {
    try {
      this.#send(outcome);
    } catch (error) {
      const message = `what it returned can't be passed on: ${messageOf(error)}`;
      const { value: _, ...rest } = outcome;
      this.#send({ ...rest, status: 'failed', error: { name: 'NotSerialisable', message } });
    }
  }

  /** It fails the invocation whose code it came from, or says so in that one's log when that has ended. */
  #uncaught(error: unknown): void {
    const owner = this.#owner.getStore() ?? this.#current;
    this.#send({ kind: 'spoiled' });
    if (owner === undefined) return;
    if (!owner.hasEnded) {
      owner.fail(error);
      return;
    }
    const { name, message, stack } = describeError(error);
    owner.log.write(`[wattloop] after the invocation had ended: ${stack ?? `${name}: ${message}`}\n`);
    owner.log.close();
  }
}
