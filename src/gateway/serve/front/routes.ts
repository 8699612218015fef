import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../base/index.js';
import { SYSTEM_PREFIX, type SystemApi } from '../api/system-api.js';
import { WATTLOOP_PREFIX, type WattloopApi } from '../api/wattloop-api.js';
import { send, sendError } from './answer.js';
import { ASYNC_PREFIX, type AsyncFront } from './async-front.js';
import type { BasicAuth } from './basic-auth.js';
import { type CallFront, FUNCTION_PREFIX } from './call-front.js';
import type { Serve } from './front-server.js';

export interface Routes {
  readonly calls: CallFront;
  readonly async: AsyncFront;
  readonly system: SystemApi;
  readonly wattloop: WattloopApi;
  /** Undefined where nobody is asked who they are. */
  readonly auth: BasicAuth | undefined;
  /** The page in the format that the caller takes. */
  readonly metrics: (accept: string | undefined) => { readonly type: string; readonly text: string };
  /** Undefined when all is well, else what is wrong. */
  readonly ailment: () => string | undefined;
  readonly log: Logger;
}

const INDEX = `Wattloop gateway

/function/NAME        call a function, and wait for its answer
/async-function/NAME  have it called; the answer goes to X-Callback-Url
/system/functions     which functions there are (OpenFaaS' API; asks for a user and a password)
/wattloop/v1/         footprints, invocations, events: what functions use
/metrics              Prometheus metrics
/healthz              200 while the gateway serves
`;

/** Who answers what. Functions come first, as they are what most requests are for. */
export function routed(routes: Routes): Serve {
  const { calls, auth, log } = routes;
  const later = (response: ServerResponse, work: Promise<void>): void => {
    work.catch((error: unknown) => sendError(response, error, log));
  };
  return (request, response) => {
    const url = request.url ?? '/';
    if (url.startsWith(FUNCTION_PREFIX)) calls.serve(request, response);
    else if (url.startsWith(ASYNC_PREFIX)) later(response, routes.async.serve(request, response));
    else if (url.startsWith(SYSTEM_PREFIX)) {
      if (auth === undefined || auth.allows(request)) later(response, routes.system.serve(request, response));
      else auth.refuse(response);
    } else if (url.startsWith(WATTLOOP_PREFIX)) later(response, routes.wattloop.serve(request, response));
    else page(routes, url.split('?', 1)[0] ?? '/', request, response);
  };
}

function page(routes: Routes, path: string, request: IncomingMessage, response: ServerResponse): void {
  const isKnown = path === '/' || path === '/metrics' || path === '/healthz';
  if (!isKnown) {
    send(response, { status: 404, body: `no such path: / lists what there is\n` });
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, { status: 405, body: 'only GET\n', headers: { allow: 'GET, HEAD' } });
    return;
  }
  if (path === '/') send(response, { status: 200, body: INDEX });
  else if (path === '/healthz') {
    const ailment = routes.ailment();
    send(response, { status: ailment === undefined ? 200 : 503, body: `${ailment ?? 'OK'}\n` });
  } else {
    const { type, text } = routes.metrics(request.headers.accept);
    send(response, { status: 200, body: text, headers: { 'content-type': type } });
  }
}
