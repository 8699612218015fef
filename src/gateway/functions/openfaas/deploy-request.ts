import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { misspelt } from '../../../base/index.js';
import type { FunctionSpec, GatewaySettings } from '../../../model/index.js';
import { moduleAt } from '../folder/find-handler.js';
import type { HandlerSource } from '../registry/source-folder.js';
import { commandOf } from '../spec/command-of.js';
import type { FunctionCode } from '../spec/description.js';
import { HANDLER_ANNOTATION } from '../spec/labels.js';
import { Misdescribed, refusedInput } from '../spec/misdescribed.js';
import { checkFunctionName } from '../spec/name.js';
import { specOf } from '../spec/spec-of.js';
import { readJsonBody } from './json-body.js';
import { checkNamespace } from './namespace.js';

const strings = z.record(z.string(), z.string()).nullish();
const quantities = z.object({ memory: z.string().nullish(), cpu: z.string().nullish() }).nullish();

const schema = z.object({
  service: z.string(),
  image: z.string().nullish(),
  namespace: z.string().nullish(),
  envProcess: z.string().nullish(),
  envVars: strings,
  labels: strings,
  annotations: strings,
  secrets: z.array(z.string()).nullish(),
  constraints: z.array(z.string()).nullish(),
  limits: quantities,
  requests: quantities,
  readOnlyRootFilesystem: z.boolean().nullish(),
  /** Ours: a handler below the folder of functions. */
  handler: z.string().nullish(),
  /** Ours: a handler as text. */
  source: z.string().nullish(),
  /** Ours: what the text is written in. */
  lang: z.enum(['typescript', 'javascript']).nullish(),
});
type Request = z.output<typeof schema>;

/** Keys that other gateways know, and that mean nothing here. */
const FOREIGN = ['network', 'registryAuth'];

/** What a caller of `POST` or `PUT /system/functions` wants deployed. */
export interface WantedFunction {
  readonly spec: FunctionSpec;
  readonly source: HandlerSource | undefined;
}

/** Reads the body of a request as OpenFaaS' clients send it. Throws a WattloopError (400) that says what is wrong with it. */
export function readDeployRequest(body: string, settings: GatewaySettings): WantedFunction {
  const request = readJsonBody(body, schema, (key) => hintFor(key));
  checkFunctionName(request.service);
  checkNamespace(request.namespace);
  try {
    const folder = functionsFolder(settings);
    const code = codeOf(request, folder);
    const description = {
      name: request.service,
      code,
      folder: code.kind === 'process' ? folder : undefined,
      environment: withProcess(request),
      secrets: request.secrets ?? undefined,
      labels: request.labels ?? undefined,
      annotations: request.annotations ?? undefined,
      limits: quantitiesOf(request.limits),
      requests: quantitiesOf(request.requests),
      constraints: request.constraints ?? undefined,
      readOnlyRootFilesystem: request.readOnlyRootFilesystem ?? undefined,
    };
    return { spec: specOf(description, settings.defaults), source: sourceOf(request) };
  } catch (error) {
    if (!(error instanceof Misdescribed)) throw error;
    throw refusedInput(`${keyOf(error.path)}: ${error.message}`, error.remedy);
  }
}

function codeOf(request: Request, folder: string | undefined): FunctionCode {
  const { image, source } = request;
  const named = request.handler || request.annotations?.[HANDLER_ANNOTATION];
  const command = commandOf(request.envProcess ?? undefined, request.envVars ?? undefined);
  if (source && named) throw new Misdescribed(['source'], 'a function has a handler or a source, not both');
  // Replaced by where the text is written.
  if (source) return { kind: 'handler', handler: '' };
  if (named) return { kind: 'handler', handler: handlerAt(named, folder) };
  if (image?.trim()) return { kind: 'image', image: image.trim() };
  if (command !== undefined) return { kind: 'process', command };
  throw refusedInput(
    `function "${request.service}" has nothing that it could run`,
    'Give an "image", an "envProcess" (a command), a "handler" (a file in the folder of functions) or a "source"',
  );
}

function handlerAt(name: string, folder: string | undefined): string {
  if (folder !== undefined) return moduleAt(folder, name);
  throw refusedInput(
    `handler: ${JSON.stringify(name)} can't be found, as there is no folder of functions`,
    'Start the gateway with --functions DIR, or send the handler as "source"',
  );
}

/** The folder from which callers may take handlers; undefined where a stack.yml, or nothing, is served. */
function functionsFolder({ functions }: GatewaySettings): string | undefined {
  if (functions === undefined || !existsSync(functions)) return undefined;
  return statSync(functions).isDirectory() ? resolve(functions) : undefined;
}

/** A container's watchdog takes its command from the environment. */
function withProcess({ envVars, envProcess, image }: Request): Record<string, string> {
  const variables = { ...envVars };
  return image?.trim() && envProcess?.trim() ? { fprocess: envProcess.trim(), ...variables } : variables;
}

const sourceOf = ({ source, lang }: Request): HandlerSource | undefined =>
  source ? { text: source, ending: lang === 'javascript' ? '.js' : '.ts' } : undefined;

const quantitiesOf = (written: Request['limits']): { memory?: string; cpu?: string } => ({
  ...(written?.memory ? { memory: written.memory } : {}),
  ...(written?.cpu ? { cpu: written.cpu } : {}),
});

/** A key as requests call it. */
function keyOf([section = '', ...rest]: readonly string[]): string {
  const names: Readonly<Record<string, string>> = { environment: 'envVars', fprocess: 'envProcess' };
  return [names[section] ?? section, ...rest].join('.');
}

/** Clients of other versions send keys that nobody knows; one that is nearly ours is a slip. */
function hintFor(key: string): string | undefined {
  const known = Object.keys(schema.shape);
  return known.includes(key) || FOREIGN.includes(key) ? undefined : misspelt(key, known);
}
