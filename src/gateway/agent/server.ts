import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ErrorCode, type Logger, systemCode, WattloopError } from '../../base/index.js';
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

/** `host:port` taken apart; IPv6 addresses stand in brackets. */
export function parseAddress(listen: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(listen);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || !(port <= 65_535)) {
    throw new WattloopError(ErrorCode.badConfiguration, `"${listen}" is no address to listen on`, {
      remedy: 'Write HOST:PORT, such as 127.0.0.1:9412 or [::1]:9412',
    });
  }
  return { host, port };
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
  listen: string,
  endpoint: MetricsEndpoint,
  limits: ServerLimits = LIMITS,
): Promise<{ url: string; close(): Promise<void> }> {
  const { host, port } = parseAddress(listen);
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
  await listening(server, host, port, listen);
  // Such as no file descriptor left for a new connection: the next one may find one.
  server.on('error', (error) => endpoint.log.warn('the metrics endpoint failed', { error: error.message }));
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shown}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, host: string, port: number, listen: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(whyNot(error, listen));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function whyNot(error: Error, listen: string): WattloopError {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new WattloopError(ErrorCode.addressInUse, `${listen} is in use by another program`, {
        remedy: 'Stop it, or choose another address with --listen HOST:PORT',
        cause: error,
      });
    case 'EACCES':
      return new WattloopError(ErrorCode.permissionDenied, `may not listen on ${listen}`, {
        remedy: 'Choose a port of 1024 or above with --listen HOST:PORT, or run as root',
        cause: error,
      });
    default:
      return new WattloopError(ErrorCode.badConfiguration, `cannot listen on ${listen}: ${error.message}`, {
        remedy: 'Choose an address of this machine with --listen HOST:PORT',
        cause: error,
      });
  }
}
