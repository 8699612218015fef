import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createHost, type HostOptions, silentLogger } from '../../base/index.js';
import { type Settings, settingsSchema } from '../../model/index.js';
import { openLocalReplicas } from '../replica/open-local-replicas.js';
import type { Replica, ReplicaAddress, ReplicaHost, ReplicaPlan } from '../replica/replica.js';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly text: string;
  readonly bytes: Buffer;
}

export interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Keeps the connection; without, each call has one of its own. */
  readonly agent?: Agent;
}

/** Whether a process runs; one that has ended and is not waited for yet does not. */
export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** The answer's head, with its body still to come. */
export function open(address: ReplicaAddress, options: CallOptions = {}): Promise<IncomingMessage> {
  const { method, path = '/', headers = {}, body, signal, agent = false } = options;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...address,
        path,
        headers,
        agent,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(signal ? { signal } : {}),
      },
      resolve,
    );
    asked.once('error', reject);
    asked.end(body);
  });
}

export async function call(address: ReplicaAddress, options: CallOptions = {}): Promise<Answered> {
  const response = await open(address, options);
  const bytes = await buffer(response);
  const { statusCode = 0, headers, trailers } = response;
  return { status: statusCode, headers, trailers, text: bytes.toString('utf8'), bytes };
}

export interface ReplicaWorkshop {
  readonly replicas: ReplicaHost;
  readonly folder: string;
  readonly log: string;
  /** Writes a module and starts it. */
  handler(source: string, more?: Partial<ReplicaPlan>, extension?: string): Replica;
  command(command: readonly string[], more?: Partial<ReplicaPlan>): Replica;
  http(command: readonly string[], more?: Partial<ReplicaPlan>): Replica;
  /** What all replicas printed. */
  printed(): string;
  close(): Promise<void>;
}

/** Replicas on this machine, and what is needed to start them. */
export async function replicaWorkshop(
  options: { readonly host?: HostOptions; readonly limits?: Settings['compute']['local']['limits'] } = {},
): Promise<ReplicaWorkshop> {
  const host = createHost({ log: silentLogger, ...options.host });
  const settings = settingsSchema.parse({ compute: { local: { limits: options.limits ?? 'auto' } } });
  const replicas = await openLocalReplicas(host, settings);
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-replicas-'));
  const log = join(folder, 'log');
  mkdirSync(join(folder, 'work'));
  let count = 0;
  const start = (plan: Pick<ReplicaPlan, 'kind'> & Partial<ReplicaPlan>): Replica =>
    replicas.start({
      id: `test-${++count}`,
      function: 'test',
      version: '1',
      folder: join(folder, 'work'),
      environment: {},
      secrets: {},
      limits: {},
      concurrency: 1,
      timeoutSeconds: 20,
      startSeconds: 20,
      logFile: log,
      logLimitBytes: 1 << 20,
      ...plan,
    });
  return {
    replicas,
    folder,
    log,
    handler: (source, more = {}, extension = 'mjs') => {
      const module = join(folder, `handler-${count + 1}.${extension}`);
      writeFileSync(module, source);
      return start({ kind: 'handler', module, ...more });
    },
    command: (command, more = {}) => start({ kind: 'command', command, ...more }),
    http: (command, more = {}) => start({ kind: 'http', command, ...more }),
    printed: () => readFileSync(log, 'utf8'),
    close: () => replicas.close(),
  };
}
