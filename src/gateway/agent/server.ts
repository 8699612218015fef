import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';
import { EXPOSITION_TYPE, exposition } from '../metrics/exposition.js';
import type { MetricFamily } from '../metrics/sample.js';

const INDEX =
  'Wattloop node agent\n\n/metrics  Prometheus metrics\n/healthz  200 while the account is kept, 503 when its last tick is too old\n';

export interface MetricsPage {
  families(): Iterable<MetricFamily>;
  /** Undefined when all is well, else what is wrong. */
  ailment(): string | undefined;
}

/** `host:port` taken apart; IPv6 addresses stand in brackets. */
export function parseAddress(listen: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(listen);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || !(port <= 65_535)) {
    throw new WattloopError(ErrorCode.badConfiguration, `"${listen}" is no address to listen on`, {
      remedy: 'Write HOST:PORT, such as 127.0.0.1:9412 or [::1]:9412',
    });
  }
  return { host, port };
}

function respond(page: MetricsPage, path: string): { status: number; type: string; body: string } {
  const plain = 'text/plain; charset=utf-8';
  if (path === '/metrics') return { status: 200, type: EXPOSITION_TYPE, body: exposition(page.families()) };
  if (path === '/healthz') {
    const ailment = page.ailment();
    return { status: ailment === undefined ? 200 : 503, type: plain, body: `${ailment ?? 'ok'}\n` };
  }
  return path === '/'
    ? { status: 200, type: plain, body: INDEX }
    : { status: 404, type: plain, body: 'not found\n' };
}

/** Serves metrics over HTTP; only GET and HEAD, nothing that a caller sends is looked at further. */
export async function serveMetrics(
  listen: string,
  page: MetricsPage,
): Promise<{ url: string; close(): Promise<void> }> {
  const { host, port } = parseAddress(listen);
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 },
    (request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      const { status, type, body } = respond(page, (request.url ?? '/').split('?', 1)[0] ?? '/');
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
  );
  await listening(server, host, port, listen);
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
    server.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'EADDRINUSE') {
        reject(
          new WattloopError(ErrorCode.addressInUse, `${listen} is in use by another program`, {
            remedy: 'Stop it, or choose another address with --listen HOST:PORT',
            cause: error,
          }),
        );
      } else {
        reject(
          new WattloopError(ErrorCode.badConfiguration, `cannot listen on ${listen}: ${error.message}`, {
            remedy: 'Choose an address of this machine with --listen HOST:PORT',
            cause: error,
          }),
        );
      }
    });
    server.listen({ host, port }, resolve);
  });
}
