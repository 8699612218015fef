import type { IncomingMessage, ServerResponse } from 'node:http';
import { CallCpu } from '../call-cpu.js';
import type { CpuLedger } from '../cpu-ledger.js';
import { answerFailure, type Failure } from '../failure.js';
import { hasBody } from '../framing.js';
import type { ChildrenLedger } from './children-ledger.js';
import { CommandAnswer } from './command-answer.js';
import { type CommandExit, CommandProcess } from './command-process.js';
import { contentTypeOf } from './content-type.js';
import { httpVariables } from './http-variables.js';

const SAID_LIMIT = 2_000;

export interface CommandSurroundings {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
  readonly ledger: CpuLedger;
  readonly children: ChildrenLedger;
  /** How often the kernel has killed for want of memory; undefined where nobody tells. */
  outOfMemoryKills(): number | undefined;
}

/** One call of a command, from its headers to the end of its answer. */
export class CommandCall {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #around: CommandSurroundings;
  readonly #cpu: CallCpu;
  #process: CommandProcess | undefined;
  #isTimedOut = false;

  constructor(request: IncomingMessage, response: ServerResponse, around: CommandSurroundings) {
    this.#request = request;
    this.#response = response;
    this.#around = around;
    this.#cpu = new CallCpu(around.ledger);
  }

  /** Settles when the command has ended. */
  async run(): Promise<void> {
    const killsBefore = this.#around.outOfMemoryKills();
    // The caller has its answer, or is gone: nobody waits for the command any more.
    this.#response.once('close', () => this.kill());
    const timer = setTimeout(() => {
      this.#isTimedOut = true;
      this.kill();
    }, this.#around.timeoutSeconds * 1e3);
    try {
      const answer = this.#answer();
      const { exit } = this.#start(answer);
      const ended = await exit;
      const failure = this.#failureOf(ended, killsBefore);
      // The command's own, and what it took to feed it.
      const used = this.#cpu.settle() + (ended.cpuSeconds ?? 0);
      const cpuSeconds = ended.cpuSeconds === undefined ? undefined : used;
      if (failure) answerFailure(this.#response, failure, cpuSeconds);
      else answer.end(cpuSeconds);
    } catch (error) {
      const message = `the command can't be started: ${(error as Error).message}`;
      answerFailure(this.#response, { status: 500, reason: 'spawn', message }, this.#cpu.settle());
    } finally {
      clearTimeout(timer);
      this.#cpu.settle();
      // What the command did not read is of no interest.
      this.#request.resume();
    }
  }

  kill(): void {
    this.#process?.kill();
  }

  #answer(): CommandAnswer {
    const { content_type: configured, mode } = this.#around.environment;
    return new CommandAnswer(
      this.#response,
      mode === 'streaming',
      () => this.#process?.output ?? null,
      (start) => contentTypeOf(configured, this.#request.headers['content-type'], start),
    );
  }

  #start(answer: CommandAnswer): CommandProcess {
    const { command, environment, children } = this.#around;
    this.#process = new CommandProcess({
      command,
      environment: { ...environment, ...httpVariables(this.#request) },
      input: hasBody(this.#request) ? this.#request : undefined,
      children,
      took: (chunk) => answer.take(chunk),
    });
    return this.#process;
  }

  #failureOf({ code, signal, said }: CommandExit, killsBefore = 0): Failure | undefined {
    if (code === 0) return undefined;
    if (this.#isTimedOut) {
      const message = `took longer than the ${this.#around.timeoutSeconds} s that it may take`;
      return { status: 504, reason: 'timeout', message };
    }
    const tail = said === '' ? '' : `: ${said.slice(-SAID_LIMIT)}`;
    const failed = (reason: string, message: string): Failure => ({ status: 500, reason, message });
    if (code !== null) return failed('exit', `the command ended with code ${code}${tail}`);
    const kills = this.#around.outOfMemoryKills() ?? 0;
    return signal === 'SIGKILL' && kills > killsBefore
      ? failed('out_of_memory', 'the command needs more memory than it was given')
      : failed('signal', `the command was killed by ${signal}${tail}`);
  }
}
