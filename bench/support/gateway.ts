import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock } from 'wattloop/base';
import { type LoadDescription, prepareLoad, type RunLoadOptions, runLoad } from 'wattloop/lab';
import type { LoadResult } from 'wattloop/model';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'cli', 'main.js');
/** Beside the results: where the machine keeps the temporary files of all programs, making a file may take ten times as long. */
const FOLDER = join(ROOT, '.bench', 'data');

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function freshFolder(): string {
  mkdirSync(FOLDER, { recursive: true });
  return mkdtempSync(join(FOLDER, 'gateway-'));
}

/** Waits until it holds, or for as long as it may take. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1e3;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface BenchGatewayOptions {
  readonly folder?: string;
  readonly listen?: string;
  readonly args?: readonly string[];
  /** Settings, as in wattloop.yaml. */
  readonly settings?: unknown;
  /** Sources of handlers, by name. */
  readonly handlers?: Readonly<Record<string, string>>;
}

/** CPU seconds of a process so far. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function residentMibOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** Processes that a process started, and those that they started. */
export function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const pids = children === '' ? [] : children.split(' ').map(Number);
  return pids.flatMap((child) => {
    try {
      return [child, ...descendantsOf(child)];
    } catch {
      return [];
    }
  });
}

/** The process that keeps a gateway's account. */
export function accountPidOf({ pid }: { readonly pid: number }): number {
  const account = descendantsOf(pid).find((each) =>
    readFileSync(`/proc/${each}/cmdline`, 'utf8').includes('account/process'),
  );
  if (account === undefined) throw new Error('the gateway has no account');
  return account;
}

/** A gateway in a process of its own, as its users start it. */
export class BenchGateway {
  readonly folder: string;
  readonly listen: string;
  readonly url: string;
  readonly startSeconds: number;
  readonly #child: ChildProcess;

  private constructor(folder: string, listen: string, child: ChildProcess, startSeconds: number) {
    this.folder = folder;
    this.listen = listen;
    this.url = `http://${listen}`;
    this.#child = child;
    this.startSeconds = startSeconds;
  }

  static async start(options: BenchGatewayOptions = {}): Promise<BenchGateway> {
    const { folder = freshFolder(), args = [], settings, handlers = {} } = options;
    const listen = options.listen ?? `127.0.0.1:${await freePort()}`;
    mkdirSync(join(folder, 'functions'), { recursive: true });
    for (const [name, text] of Object.entries(handlers))
      writeFileSync(join(folder, 'functions', `${name}.mjs`), text);
    if (settings !== undefined) writeFileSync(join(folder, 'wattloop.yaml'), JSON.stringify(settings));
    const began = performance.now();
    const child = spawn(
      process.execPath,
      [MAIN, 'serve', '--json', '--listen', listen, '--functions', 'functions', ...args],
      { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the gateway ended'))),
    ]);
    return new BenchGateway(folder, listen, child, (performance.now() - began) / 1e3);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async system(path: string, body: unknown, method = 'POST'): Promise<void> {
    const file = join(this.folder, '.wattloop', 'gateway', 'basic-auth-password');
    const credentials = Buffer.from(`admin:${readFileSync(file, 'utf8').trim()}`).toString('base64');
    const answer = await fetch(`${this.url}/system/${path}`, {
      method,
      headers: { authorization: `Basic ${credentials}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  async json<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}/wattloop/v1/${path}`);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Until the function answers well. */
  async serves(name: string, init: RequestInit = {}): Promise<void> {
    await until(name, async () => (await fetch(`${this.url}/function/${name}`, init)).ok);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A server that answers with what it is sent. */
const ECHO = join(import.meta.dirname, 'echo-server.js');

/** A gateway that serves it as the function `echo`. */
export async function echoGateway(hasAccount: boolean, settings: object = {}): Promise<BenchGateway> {
  const started = await BenchGateway.start({
    args: hasAccount ? [] : ['--no-account'],
    settings: { gateway: { defaults: { http_concurrency: 256 }, ...settings } },
  });
  await started.system('functions', {
    service: 'echo',
    envProcess: `${process.execPath} ${ECHO}`,
    envVars: { mode: 'http' },
  });
  await started.serves('echo/port');
  return started;
}

/** A load from this process. */
export async function load(
  description: LoadDescription,
  options: Partial<RunLoadOptions> = {},
): Promise<LoadResult> {
  const { plan, replay } = await prepareLoad(description);
  const cpuSeconds = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
  return runLoad(plan, { clock: systemClock, cpuSeconds, replay, ...options });
}
