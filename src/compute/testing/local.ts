import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, type Host, type HostOptions, silentLogger } from '../../base/index.js';
import { type Resources, type Settings, settingsSchema } from '../../model/index.js';
import type { ComputeBackend, Task } from '../backend.js';
import { openLocalBackend } from '../local/open-local-backend.js';

export const SMALL: Resources = { cpu: 1, memoryMib: 256 };

export interface LocalWorkshop {
  readonly backend: ComputeBackend;
  readonly folder: string;
  /** Writes a handler's module: the body of `handle(payload, context)`; what stands in `head` comes before it. */
  handler(body: string, head?: string): string;
  task(module: string, more?: Partial<Task>): Task;
  [Symbol.asyncDispose](): Promise<void>;
}

type LocalSettings = Partial<Settings['compute']['local']>;

/** A local backend of this machine, and what is needed to give it tasks. */
export async function localWorkshop(
  options: {
    readonly local?: LocalSettings;
    readonly meter?: boolean;
    readonly methods?: readonly string[];
    readonly logLimitMib?: number;
    readonly host?: HostOptions;
    readonly sources?: object;
  } = {},
): Promise<LocalWorkshop> {
  const { local = {}, meter = true, methods, logLimitMib, sources = {} } = options;
  const settings = settingsSchema.parse({
    compute: { meter, local: { max_cpus: 2, max_memory_mib: 4_096, ...local } },
    sources,
    ...(methods ? { meter: { methods } } : {}),
    ...(logLimitMib === undefined ? {} : { workflow: { log_limit_mib: logLimitMib } }),
  });
  const host: Host = createHost({ log: silentLogger, ...options.host });
  const backend = await openLocalBackend(host, settings);
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-compute-'));
  let count = 0;
  return {
    backend,
    folder,
    handler: (body, head = '') => {
      const path = join(folder, `handler-${++count}.mjs`);
      writeFileSync(path, `${head}\nexport async function handle(payload, context) {\n${body}\n}\n`);
      return path;
    },
    task: (module, more = {}) => ({
      id: `task-${++count}`,
      function: 'test',
      partition: 0,
      attempt: 1,
      speculative: false,
      module,
      payload: undefined,
      resources: SMALL,
      workers: 1,
      ...more,
    }),
    [Symbol.asyncDispose]: () => backend.close(),
  };
}
