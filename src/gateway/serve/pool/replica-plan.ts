import { join } from 'node:path';
import type { ReplicaPlan } from '../../../compute/index.js';
import { BYTES_PER_MIB, type DeployedFunction, type GatewaySettings } from '../../../model/index.js';

/** What a replica of a function is started with. */
export function replicaPlan(
  { spec, version, module }: DeployedFunction,
  number: number,
  secrets: Readonly<Record<string, string>>,
  logs: string,
  settings: GatewaySettings,
): ReplicaPlan {
  const id = `${spec.name}.${process.pid}.${number}`;
  return {
    id,
    function: spec.name,
    version,
    kind: spec.kind,
    ...(module !== undefined && { module }),
    ...(spec.command && { command: spec.command }),
    ...(spec.image !== undefined && { image: spec.image }),
    ...(spec.readOnlyRootFilesystem && { readOnlyRootFilesystem: true }),
    ...(spec.folder !== undefined && { folder: spec.folder }),
    ...(spec.port !== undefined && { port: spec.port }),
    ...(spec.readyPath !== undefined && { readyPath: spec.readyPath }),
    environment: spec.environment,
    secrets,
    limits: spec.limits,
    concurrency: spec.scale.concurrency,
    timeoutSeconds: spec.timeoutSeconds,
    startSeconds: settings.defaults.start_seconds,
    logFile: join(logs, spec.name, `${id}.log`),
    logLimitBytes: settings.log_limit_mib * BYTES_PER_MIB,
  };
}
