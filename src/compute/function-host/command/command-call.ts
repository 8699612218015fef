import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { StderrTail } from '../../local/stderr-tail.js';
import { ReplicaHeader } from '../../replica/replica.js';
import type { CpuLedger } from '../cpu-ledger.js';
import { answerFailure } from '../failure.js';
import { hasBody } from '../has-body.js';
import type { ChildrenLedger } from './children-ledger.js';
import { contentTypeOf } from './content-type.js';
import { httpVariables } from './http-variables.js';

/** An answer up to this size is held until its command has ended, as its exit code says whether it is one. */
const HELD_BYTES = 64 * 1024;
const SAID_LIMIT = 2_000;
/** A command is killed rather than its host when memory runs out. */
const OUT_OF_MEMORY_SCORE = '500';

export interface CommandSurroundings {
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  /** Send what there is at once: the exit code then comes too late to make a failure of it. */
  readonly sendsAtOnce: boolean;
  readonly ledger: CpuLedger;
  readonly children: ChildrenLedger;
  /** How often the kernel has killed for want of memory; undefined where nobody tells. */
  outOfMemoryKills(): number | undefined;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cpuSeconds: number | undefined;
}

/** One call of a command: its process, from spawn to exit. */
export class CommandCall {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #around: CommandSurroundings;
  readonly #mark: number;
  readonly #stderr = new StderrTail();
  readonly #killsBefore: number | undefined;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  #child: ChildProcess | undefined;
  #isTimedOut = false;

  constructor(request: IncomingMessage, response: ServerResponse, around: CommandSurroundings) {
    this.#request = request;
    this.#response = response;
    this.#around = around;
    this.#mark = around.ledger.begin();
    this.#killsBefore = around.outOfMemoryKills();
  }

  async run(): Promise<void> {
    // The caller has its answer, or is gone: nobody waits for the command any more.
    this.#response.once('close', () => this.kill());
    const timer = setTimeout(() => {
      this.#isTimedOut = true;
      this.kill();
    }, this.#around.timeoutSeconds * 1e3);
    try {
      const exit = await this.#exit();
      this.#answer(exit);
    } catch (error) {
      this.#fail(500, 'spawn', `the command can't be started: ${(error as Error).message}`, undefined);
    } finally {
      clearTimeout(timer);
      this.#around.ledger.end(this.#mark);
      this.#request.resume();
    }
  }

  /** Ends the command at once, with all of its process group. */
  kill(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }

  async #exit(): Promise<Exit> {
    const [file = '', ...args] = this.#around.command;
    const child = spawn(file, args, {
      env: { ...process.env, ...httpVariables(this.#request) },
      stdio: [hasBody(this.#request) ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    const closed = once(child, 'close');
    const ended = once(child, 'exit').then(async ([code, signal]) => {
      const cpuSeconds = await this.#around.children.ended();
      // What it left in the background would hold its pipes open for ever.
      this.kill();
      return { code, signal, cpuSeconds } as Exit;
    });
    // `close` rejects with the same error.
    ended.catch(() => undefined);
    if (child.pid !== undefined) preferForKill(child.pid);
    // A command need not read what it is sent.
    if (child.stdin) pipeline(this.#request, child.stdin).catch(() => undefined);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr.write(chunk);
      process.stderr.write(chunk);
    });
    child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    await closed;
    return await ended;
  }

  /** Something was printed: held at first, passed on later as fast as the caller takes it. */
  #take(chunk: Buffer): void {
    if (!this.#response.headersSent) {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes > HELD_BYTES || this.#around.sendsAtOnce) this.#begin();
      return;
    }
    if (this.#response.writable && !this.#response.write(chunk)) this.#waitForCaller();
  }

  #begin(): void {
    this.#response.writeHead(200, {
      'content-type': this.#contentType(),
      trailer: ReplicaHeader.cpuSeconds,
    });
    if (!this.#response.write(Buffer.concat(this.#held.splice(0)))) this.#waitForCaller();
  }

  #waitForCaller(): void {
    const stdout = this.#child?.stdout;
    stdout?.pause();
    this.#response.once('drain', () => stdout?.resume());
    this.#response.once('close', () => stdout?.resume());
  }

  #contentType(): string {
    return contentTypeOf(process.env.content_type, this.#request.headers['content-type'], this.#held[0]);
  }

  #answer(exit: Exit): void {
    const failure = this.#failureOf(exit);
    const cpuSeconds = this.#cpuSeconds(exit);
    if (failure) {
      this.#fail(failure.status, failure.reason, failure.message, cpuSeconds);
      return;
    }
    const response = this.#response;
    const told = cpuSeconds === undefined ? {} : { [ReplicaHeader.cpuSeconds]: cpuSeconds.toFixed(6) };
    if (response.headersSent) {
      response.addTrailers(told);
      response.end();
      return;
    }
    const body = Buffer.concat(this.#held);
    response.writeHead(200, { 'content-type': this.#contentType(), 'content-length': body.length, ...told });
    response.end(body);
  }

  #fail(status: number, reason: string, message: string, cpuSeconds: number | undefined): void {
    answerFailure(this.#response, status, reason, message, cpuSeconds);
  }

  #failureOf({ code, signal }: Exit): { status: number; reason: string; message: string } | undefined {
    if (code === 0) return undefined;
    const { timeoutSeconds } = this.#around;
    if (this.#isTimedOut) {
      return {
        status: 504,
        reason: 'timeout',
        message: `took longer than the ${timeoutSeconds} s that it may take`,
      };
    }
    const tail = this.#stderr.text.slice(-SAID_LIMIT);
    const said = tail === '' ? '' : `: ${tail}`;
    if (code !== null)
      return { status: 500, reason: 'exit', message: `the command ended with code ${code}${said}` };
    const kills = this.#around.outOfMemoryKills();
    if (signal === 'SIGKILL' && kills !== undefined && kills > (this.#killsBefore ?? 0)) {
      return {
        status: 500,
        reason: 'out_of_memory',
        message: 'the command needs more memory than it was given',
      };
    }
    return { status: 500, reason: 'signal', message: `the command was killed by ${signal}${said}` };
  }

  /** The command's own, and what it took to feed it. */
  #cpuSeconds({ cpuSeconds }: Exit): number | undefined {
    return cpuSeconds === undefined ? undefined : cpuSeconds + this.#around.ledger.soFar(this.#mark);
  }
}

function preferForKill(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, OUT_OF_MEMORY_SCORE);
  } catch {
    // It has ended already, or there is no such file here.
  }
}
