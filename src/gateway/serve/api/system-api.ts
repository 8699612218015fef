import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { ErrorCode, WattloopError } from '../../../base/index.js';
import type { DeployedFunction, GatewaySettings } from '../../../model/index.js';
import { readDeployRequest } from '../../functions/openfaas/deploy-request.js';
import { functionStatus } from '../../functions/openfaas/function-status.js';
import { readJsonBody } from '../../functions/openfaas/json-body.js';
import { NAMESPACE } from '../../functions/openfaas/namespace.js';
import type { FunctionRegistry } from '../../functions/registry/registry.js';
import type { CallCounters } from '../counters/call-counters.js';
import { type Answer, send } from '../front/answer.js';
import { textBody } from '../front/text-body.js';
import type { Pools } from '../pool/pools.js';

export const SYSTEM_PREFIX = '/system/';

export interface SystemApiParts {
  readonly registry: FunctionRegistry;
  readonly pools: Pools;
  readonly counters: CallCounters;
  readonly settings: GatewaySettings;
  readonly version: string;
}

type Route = (request: IncomingMessage, rest: string) => Promise<Answer> | Answer;

const removal = z.object({ functionName: z.string() });
const scaling = z.object({ serviceName: z.string().optional(), replicas: z.int().nonnegative() });
const secret = z.object({ name: z.string(), value: z.string().optional(), namespace: z.string().optional() });

const ACCEPTED: Answer = { status: 202 };

const unknown = (name: string): WattloopError =>
  new WattloopError(ErrorCode.notFound, `there is no function "${name.slice(0, 80)}"`);

/** What OpenFaaS' clients manage functions with, under /system/. */
export class SystemApi {
  readonly #parts: SystemApiParts;
  /** By path, then by method. */
  readonly #routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
    functions: {
      GET: () => ({ status: 200, body: this.#parts.registry.list().map((one) => this.#status(one)) }),
      POST: (request) => this.#deploy(request, false),
      PUT: (request) => this.#deploy(request, true),
      DELETE: (request) => this.#remove(request),
    },
    'function/': { GET: (_, name) => this.#describe(name) },
    'scale-function/': { POST: (request, name) => this.#scale(request, name) },
    secrets: {
      GET: () => ({
        status: 200,
        body: this.#parts.registry.secrets.list().map((name) => ({ name, namespace: NAMESPACE })),
      }),
      POST: (request) => this.#keepSecret(request),
      PUT: (request) => this.#keepSecret(request),
      DELETE: (request) => this.#removeSecret(request),
    },
    namespaces: { GET: () => ({ status: 200, body: [NAMESPACE] }) },
    info: { GET: () => ({ status: 200, body: this.#info() }) },
  };

  constructor(parts: SystemApiParts) {
    this.#parts = parts;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(SYSTEM_PREFIX.length).split('?', 1)[0] ?? '';
    const slash = path.indexOf('/');
    const key = slash < 0 ? path : path.slice(0, slash + 1);
    const methods = Object.hasOwn(this.#routes, key) ? this.#routes[key] : undefined;
    if (methods === undefined) {
      send(response, { status: 404, body: 'no such path\n' });
      return;
    }
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const route = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (route === undefined) {
      const allow = Object.keys(methods).join(', ');
      send(response, { status: 405, body: `${method} is not for this path: ${allow}\n`, headers: { allow } });
      return;
    }
    // What follows a namespace's dot says where: there is one.
    const name = (slash < 0 ? '' : path.slice(slash + 1)).split('.', 1)[0] ?? '';
    send(response, await route(request, name));
  }

  #status(deployed: DeployedFunction): unknown {
    const { name } = deployed.spec;
    const { pools, counters } = this.#parts;
    const pool = pools.get(name);
    return functionStatus(deployed, {
      replicas: pool?.replicas ?? 0,
      availableReplicas: pool?.availableReplicas ?? 0,
      invocationCount: counters.invocations(name),
    });
  }

  async #deploy(request: IncomingMessage, mustExist: boolean): Promise<Answer> {
    const { registry, settings } = this.#parts;
    const { spec, source } = readDeployRequest(await textBody(request), settings);
    if (mustExist && registry.get(spec.name) === undefined) throw unknown(spec.name);
    await registry.deploy(spec, { source });
    return ACCEPTED;
  }

  async #remove(request: IncomingMessage): Promise<Answer> {
    const { functionName } = readJsonBody(await textBody(request), removal);
    const [name = ''] = functionName.split('.', 1);
    if ((await this.#parts.registry.remove(name)) === undefined) throw unknown(name);
    return ACCEPTED;
  }

  #describe(name: string): Answer {
    const deployed = this.#parts.registry.get(name);
    if (deployed === undefined) throw unknown(name);
    return { status: 200, body: this.#status(deployed) };
  }

  async #scale(request: IncomingMessage, name: string): Promise<Answer> {
    const { replicas } = readJsonBody(await textBody(request), scaling);
    const pool = this.#parts.pools.get(name);
    if (pool === undefined) throw unknown(name);
    pool.scaleTo(replicas);
    return ACCEPTED;
  }

  async #keepSecret(request: IncomingMessage): Promise<Answer> {
    const { name, value } = readJsonBody(await textBody(request), secret);
    if (value === undefined) throw new WattloopError(ErrorCode.badInput, 'value: the secret is missing');
    await this.#parts.registry.secrets.put(name, value);
    return ACCEPTED;
  }

  async #removeSecret(request: IncomingMessage): Promise<Answer> {
    const { name } = readJsonBody(await textBody(request), secret);
    await this.#parts.registry.secrets.remove(name);
    return ACCEPTED;
  }

  #info(): unknown {
    const { version } = this.#parts;
    return {
      provider: { provider: 'wattloop', orchestration: 'wattloop', version: { release: version, sha: '' } },
      version: { release: version, sha: '', commit_message: '' },
      arch: process.arch === 'x64' ? 'x86_64' : process.arch,
    };
  }
}
