import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './prometheus.js';
import { freshFolder, type Outcome, Running } from './wattloop.js';

export interface GatewayStart {
  /** Where it was before: what it had kept is taken up. */
  readonly folder?: string;
  readonly listen?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A gateway as a user starts it: a process of its own, in a folder of its own. */
export class RunningGateway {
  readonly folder: string;
  readonly listen: string;
  readonly url: string;
  readonly running: Running;

  private constructor(folder: string, listen: string, running: Running) {
    this.folder = folder;
    this.listen = listen;
    this.url = `http://${listen}`;
    this.running = running;
  }

  /** Ended with the test. */
  static async start({
    folder = freshFolder(),
    listen,
    args = [],
    env = {},
    files = {},
  }: GatewayStart = {}): Promise<RunningGateway> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const at = listen ?? `127.0.0.1:${await freePort()}`;
    const running = new Running(['serve', '--listen', at, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    onTestFinished(async () => {
      running.child.kill('SIGKILL');
      await running.done;
    });
    await running.shows(/functions at (\S+)\/function\/NAME/);
    return new RunningGateway(folder, at, running);
  }

  /** The header that /system asks for. */
  get authorization(): string {
    const password = readFileSync(
      join(this.folder, '.wattloop', 'gateway', 'basic-auth-password'),
      'utf8',
    ).trim();
    return `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  }

  call(name: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/function/${name}`, init);
  }

  system(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Response> {
    return fetch(`${this.url}/system/${path}`, {
      method,
      headers: { authorization: this.authorization },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  async wattloop<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}/wattloop/v1/${path}`);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async stop(): Promise<Outcome> {
    this.running.child.kill('SIGTERM');
    return await this.running.done;
  }

  async kill(): Promise<void> {
    this.running.child.kill('SIGKILL');
    await this.running.done;
  }
}
