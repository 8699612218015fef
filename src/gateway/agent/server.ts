import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../../base/index.js';
import { listen } from '../listen.js';
import { EXPOSITION_TYPE } from '../metrics/exposition.js';

const PLAIN = 'text/plain; charset=utf-8';
const INDEX =
  'Wattloop node agent\n\n/metrics  Prometheus metrics\n/healthz  200 while the account is kept, 503 when its last tick is too old\n';

/** Whoever is slower than this, in asking or in taking the answer, is let go; so are more callers at once than this. */
export interface ServerLimits {
  readonly requestMilliseconds: number;
  readonly silenceMilliseconds: number;
  readonly connections: number;
  readonly headerBytes: number;
}

const LIMITS: ServerLimits = {
  requestMilliseconds: 5_000,
  silenceMilliseconds: 10_000,
  connections: 100,
  headerBytes: 16_384,
};

export interface MetricsEndpoint {
  /** The page in Prometheus' text format. */
  text(): string;
  /** Undefined when all is well, else what is wrong. */
  ailment(): string | undefined;
  readonly log: Logger;
}

function respond(endpoint: MetricsEndpoint, path: string): { status: number; type: string; body: string } {
  if (path === '/') return { status: 200, type: PLAIN, body: INDEX };
  if (path !== '/metrics' && path !== '/healthz') return { status: 404, type: PLAIN, body: 'not found\n' };
  const ailment = endpoint.ailment();
  // Old figures are not the present ones: a scrape of an ill account fails rather than to show them again and again.
  if (ailment !== undefined) return { status: 503, type: PLAIN, body: `${ailment}\n` };
  return path === '/healthz'
    ? { status: 200, type: PLAIN, body: 'ok\n' }
    : { status: 200, type: EXPOSITION_TYPE, body: endpoint.text() };
}

function answer(endpoint: MetricsEndpoint, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    // What else the caller sends is not waited for.
    response.writeHead(405, { allow: 'GET, HEAD', connection: 'close' }).end();
    return;
  }
  const { status, type, body } = respond(endpoint, (request.url ?? '/').split('?', 1)[0] ?? '/');
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Serves metrics over HTTP; only GET and HEAD, nothing that a caller sends is looked at further. */
export async function serveMetrics(
  address: string,
  endpoint: MetricsEndpoint,
  limits: ServerLimits = LIMITS,
): Promise<{ url: string; close(): Promise<void> }> {
  const { requestMilliseconds, silenceMilliseconds, connections, headerBytes } = limits;
  const server = createServer(
    {
      headersTimeout: requestMilliseconds,
      requestTimeout: requestMilliseconds,
      connectionsCheckingInterval: requestMilliseconds / 5,
      maxHeaderSize: headerBytes,
    },
    (request, response) => answer(endpoint, request, response),
  );
  server.maxConnections = connections;
  server.setTimeout(silenceMilliseconds, (socket) => {
    endpoint.log.debug('lets a caller go that neither asks nor takes its answer', {
      from: socket.remoteAddress,
    });
    socket.destroy();
  });
  const url = await listen(server, address);
  // Such as no file descriptor left for a new connection: the next one may find one.
  server.on('error', (error) => endpoint.log.warn('the metrics endpoint failed', { error: error.message }));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
