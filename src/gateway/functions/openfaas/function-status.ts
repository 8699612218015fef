import type { DeployedFunction, Resources } from '../../../model/index.js';
import { cpuQuantity, memoryQuantity } from '../spec/quantity.js';
import { NAMESPACE } from './namespace.js';

/** How a function does, as whoever runs it knows. */
export interface FunctionCounts {
  readonly replicas: number;
  readonly availableReplicas: number;
  readonly invocationCount: number;
}

interface QuantitiesJson {
  readonly memory?: string;
  readonly cpu?: string;
}

/** A function as OpenFaaS' gateway tells of it; `kind` and `version` are ours. */
export interface FunctionStatusJson extends FunctionCounts {
  readonly name: string;
  readonly image: string;
  readonly namespace: string;
  readonly envProcess: string;
  readonly envVars: Readonly<Record<string, string>>;
  readonly constraints?: readonly string[];
  readonly secrets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly limits?: QuantitiesJson;
  readonly requests?: QuantitiesJson;
  readonly readOnlyRootFilesystem: boolean;
  readonly createdAt: string;
  readonly kind: string;
  readonly version: string;
}

export function functionStatus(
  { spec, version, deployedAt }: DeployedFunction,
  counts: FunctionCounts,
): FunctionStatusJson {
  const limits = quantitiesJson(spec.limits);
  const requests = quantitiesJson(spec.requests ?? {});
  return {
    name: spec.name,
    image: spec.image ?? '',
    namespace: NAMESPACE,
    envProcess: spec.command?.map(quoted).join(' ') ?? spec.environment.fprocess ?? '',
    envVars: spec.environment,
    ...(spec.constraints && { constraints: spec.constraints }),
    secrets: spec.secrets,
    labels: spec.labels,
    annotations: spec.annotations,
    ...(limits && { limits }),
    ...(requests && { requests }),
    readOnlyRootFilesystem: spec.readOnlyRootFilesystem ?? false,
    replicas: counts.replicas,
    availableReplicas: counts.availableReplicas,
    invocationCount: counts.invocationCount,
    createdAt: new Date(deployedAt * 1e3).toISOString(),
    kind: spec.kind,
    version,
  };
}

/** As `commandWords` would read it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function quantitiesJson({ cpu, memoryMib }: Partial<Resources>): QuantitiesJson | undefined {
  if (cpu === undefined && memoryMib === undefined) return undefined;
  return {
    ...(memoryMib !== undefined && { memory: memoryQuantity(memoryMib) }),
    ...(cpu !== undefined && { cpu: cpuQuantity(cpu) }),
  };
}
