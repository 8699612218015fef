import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FUNCTION_KINDS } from '../../../model/index.js';
import type { MadeFunction } from './function-maker.js';

/** Who deployed a function: a caller of the API, or a folder or stack.yml, which is read anew at every start. */
const ORIGINS = ['api', 'files'] as const;
export type Origin = (typeof ORIGINS)[number];

/** A function as it is kept on disk. */
export interface FunctionRecord extends MadeFunction {
  readonly origin: Origin;
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
  deployed_at: z.number(),
  build: z
    .object({
      maker: z.string(),
      handler: z.string(),
      /** As seen from the folder of the function's builds, so that all of it can be moved. */
      module: z.string().regex(/^[\w.-]+\.mjs$/),
      hash: z.string(),
      inputs: z.array(z.tuple([z.string(), z.number(), z.string()])),
    })
    .exactOptional(),
});

export function recordText({ origin, deployed, build }: FunctionRecord): string {
  const { spec, version, deployedAt } = deployed;
  const seen = build === undefined ? {} : { build: { ...build, module: basename(build.module) } };
  return `${JSON.stringify({ format: 1, origin, spec, version, deployed_at: deployedAt, ...seen })}\n`;
}

/** Throws where the file is none of ours. */
export function readRecord(path: string, buildsOf: (name: string) => string): FunctionRecord {
  const { origin, spec, version, deployed_at, build } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const deployed = { spec, version, deployedAt: deployed_at };
  if (build === undefined) return { origin, deployed };
  const module = join(buildsOf(spec.name), build.module);
  return { origin, deployed: { ...deployed, module }, build: { ...build, module } };
}
