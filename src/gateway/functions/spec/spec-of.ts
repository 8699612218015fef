import type { FunctionKind, FunctionScale, FunctionSpec, GatewaySettings } from '../../../model/index.js';
import type { FunctionDescription } from './description.js';
import { checkNames, type LabelWishes, readLabels } from './labels.js';
import { readQuantities } from './limits.js';
import { Misdescribed } from './misdescribed.js';
import { checkFunctionName } from './name.js';
import { isSecretName, SECRET_NAME_FORM } from './secret-name.js';
import { Values } from './values.js';
import { type EnvironmentWishes, readEnvironment } from './watchdog-environment.js';

type Defaults = GatewaySettings['defaults'];

/** Where images made for OpenFaaS listen. */
const IMAGE_PORT = 8_080;
const READY_ANNOTATIONS = ['com.openfaas.ready.http.path', 'com.openfaas.health.http.path'];

/** The whole description, with all defaults. Throws a Misdescribed for what makes no sense, by its key. */
export function specOf(description: FunctionDescription, defaults: Defaults): FunctionSpec {
  const { name, code, folder, environment = {}, secrets = [], labels = {}, annotations = {} } = description;
  checkFunctionName(name);
  checkNames('annotations', annotations);
  const wishes = { ...readLabels(labels) };
  const told = readEnvironment(environment);
  const kind = code.kind === 'process' ? (told.mode ?? 'command') : code.kind;
  const readyPath = readyPathOf(kind, annotations, told);
  const port = kind === 'image' ? IMAGE_PORT : kind === 'http' ? told.port : undefined;
  checkSecrets(secrets);
  const requests = readQuantities('requests', description.requests);
  const { constraints = [], readOnlyRootFilesystem } = description;
  return {
    name,
    kind,
    ...codeOf(code),
    ...(folder !== undefined && { folder }),
    ...(port !== undefined && { port }),
    ...(readyPath !== undefined && { readyPath }),
    environment: { ...environment },
    secrets: [...new Set(secrets)],
    labels: { ...labels },
    annotations: { ...annotations },
    limits: readQuantities('limits', description.limits),
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(constraints.length > 0 && { constraints }),
    ...(readOnlyRootFilesystem && { readOnlyRootFilesystem }),
    scale: scaleOf(kind, wishes, told, defaults),
    queue: {
      limit: wishes.queueLimit ?? defaults.queue_limit,
      deadlineSeconds: wishes.queueSeconds ?? defaults.queue_seconds,
    },
    timeoutSeconds: told.timeoutSeconds ?? defaults.timeout_seconds,
    priority: wishes.priority ?? 0,
  };
}

function codeOf(code: FunctionDescription['code']): Pick<FunctionSpec, 'handler' | 'command' | 'image'> {
  if (code.kind === 'handler') return { handler: code.handler };
  return code.kind === 'image' ? { image: code.image } : { command: [...code.command] };
}

function scaleOf(
  kind: FunctionKind,
  wishes: LabelWishes,
  told: EnvironmentWishes,
  defaults: Defaults,
): FunctionScale {
  const isServer = kind === 'http' || kind === 'image';
  const { minReplicas: least, maxReplicas: most, scaleToZero } = wishes;
  if (least !== undefined && most !== undefined && least > most) {
    throw new Misdescribed(
      ['labels', 'com.openfaas.scale.min'],
      `${least} is more than com.openfaas.scale.max, which is ${most}`,
    );
  }
  // What was asked for outweighs a default of the other.
  const max = most ?? Math.max(defaults.max_replicas, least ?? 0);
  const wanted = Math.min(max, least ?? defaults.min_replicas);
  const min = scaleToZero === undefined ? wanted : scaleToZero ? 0 : Math.max(1, wanted);
  return {
    minReplicas: min,
    maxReplicas: max,
    idleSeconds: wishes.idleSeconds ?? defaults.idle_seconds,
    concurrency:
      told.concurrency ?? wishes.concurrency ?? (isServer ? defaults.http_concurrency : defaults.concurrency),
  };
}

function readyPathOf(
  kind: FunctionKind,
  annotations: Readonly<Record<string, string>>,
  told: EnvironmentWishes,
): string | undefined {
  if (kind !== 'http' && kind !== 'image') return undefined;
  const values = new Values('annotations', annotations);
  const key = READY_ANNOTATIONS.find((name) => values.text(name) !== undefined);
  const path = key === undefined ? undefined : values.text(key);
  if (key !== undefined && path !== undefined && !path.startsWith('/')) {
    throw values.refuse(key, `must be a path that begins with "/", not ${JSON.stringify(path)}`);
  }
  // Of an image it is for the watchdog within.
  const own = kind === 'http' ? told.readyPath : undefined;
  return path ?? (own === undefined || own.startsWith('/') ? own : `/${own}`);
}

function checkSecrets(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (isSecretName(name)) continue;
    throw new Misdescribed(
      ['secrets', String(index)],
      `${JSON.stringify(name.slice(0, 80))} is no name of a secret`,
      SECRET_NAME_FORM,
    );
  }
}
