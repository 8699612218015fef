import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../../../base/index.js';
import type { GatewaySettings } from '../../../model/index.js';
import { listen } from '../../listen.js';
import { send } from './answer.js';

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontServer {
  readonly url: string;
  /** No more connections; those that are idle end. */
  stopListening(): void;
  /** All connections end. */
  close(): Promise<void>;
}

/** Idle connections are kept for longer than load balancers keep theirs, so that it is they who close them. */
const KEEP_ALIVE_MILLISECONDS = 75_000;
const MOST_HEADERS = 1_000;

const TOO_MANY_HEADERS = { status: 431, body: `a request may have ${MOST_HEADERS} headers\n` };

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Someone is waited for who neither sends the rest of a request nor takes an answer. */
const isStalled = ({ request, response }: Exchange): boolean =>
  !request.complete || response.writableLength > 0;

/** The gateway's HTTP server: whoever is too slow, or sends too much, is let go, and calls that take their time are not. */
export async function serveFront(
  address: string,
  settings: GatewaySettings,
  serve: Serve,
  log: Logger,
): Promise<FrontServer> {
  const exchanges = new WeakMap<Socket, Exchange>();
  const server: Server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      headersTimeout: settings.header_seconds * 1e3,
      connectionsCheckingInterval: Math.min(5_000, settings.header_seconds * 250),
      // A long upload is no slow one: silence is what ends it.
      requestTimeout: 0,
      maxHeaderSize: settings.max_header_kib * 1_024,
      noDelay: true,
    },
    (request, response) => {
      exchanges.set(request.socket, { request, response });
      if (request.rawHeaders.length > 2 * MOST_HEADERS) send(response, TOO_MANY_HEADERS);
      else serve(request, response);
    },
  );
  // One more than are served: Node.js would leave out the rest in silence.
  server.maxHeadersCount = MOST_HEADERS + 1;
  server.maxConnections = settings.max_connections;
  server.setTimeout(settings.silence_seconds * 1e3, (socket) => {
    const exchange = exchanges.get(socket);
    if (exchange && !exchange.response.writableFinished && !isStalled(exchange)) return;
    log.debug('lets a caller go that neither sends nor takes', { from: socket.remoteAddress });
    socket.destroy();
  });
  const url = await listen(server, address);
  // Such as no file descriptor left for a new connection: the next one may find one.
  server.on('error', (error) =>
    log.warn('the gateway could not take a connection', { error: error.message }),
  );
  return {
    url,
    stopListening: () => {
      server.close();
      server.closeIdleConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
