import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DeployedFunction, FUNCTION_KINDS } from '../../../model/index.js';

/** Who deployed a function: a caller of the API, or a folder or stack.yml, which is read anew at every start. */
export const ORIGINS = ['api', 'files'] as const;
export type Origin = (typeof ORIGINS)[number];

/** A function as it is kept on disk. */
export interface FunctionRecord {
  readonly origin: Origin;
  readonly deployed: DeployedFunction;
}

const strings = z.record(z.string(), z.string());
const resources = z.object({ cpu: z.number().exactOptional(), memoryMib: z.number().exactOptional() });

const spec = z.object({
  name: z.string(),
  kind: z.enum(FUNCTION_KINDS),
  handler: z.string().exactOptional(),
  command: z.array(z.string()).exactOptional(),
  image: z.string().exactOptional(),
  folder: z.string().exactOptional(),
  port: z.number().exactOptional(),
  readyPath: z.string().exactOptional(),
  environment: strings,
  secrets: z.array(z.string()),
  labels: strings,
  annotations: strings,
  limits: resources,
  requests: resources.exactOptional(),
  constraints: z.array(z.string()).exactOptional(),
  readOnlyRootFilesystem: z.boolean().exactOptional(),
  scale: z.object({
    minReplicas: z.number(),
    maxReplicas: z.number(),
    idleSeconds: z.number(),
    concurrency: z.number(),
  }),
  queue: z.object({ limit: z.number(), deadlineSeconds: z.number() }),
  timeoutSeconds: z.number(),
  priority: z.number(),
});

const schema = z.object({
  format: z.literal(1),
  origin: z.enum(ORIGINS),
  spec,
  version: z.string(),
  /** As seen from the folder of the function's builds, so that all of it can be moved. */
  module: z.string().exactOptional(),
  deployed_at: z.number(),
});

export function recordText({ origin, deployed }: FunctionRecord, builds: string): string {
  const { spec, version, module, deployedAt } = deployed;
  const seen = module === undefined ? {} : { module: module.slice(builds.length + 1) };
  return `${JSON.stringify({ format: 1, origin, spec, version, ...seen, deployed_at: deployedAt }, null, 1)}\n`;
}

/** Throws where the file is none of ours. */
export function readRecord(path: string, buildsOf: (name: string) => string): FunctionRecord {
  const { origin, spec, version, module, deployed_at } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const seen = module === undefined ? {} : { module: join(buildsOf(spec.name), module) };
  return { origin, deployed: { spec, version, ...seen, deployedAt: deployed_at } };
}
