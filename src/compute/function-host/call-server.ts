import { createServer, type RequestListener, type Server } from 'node:http';

/** The gateway is the only caller and sets the limits; what it let through is taken. */
const MOST_HEADER_BYTES = 16 * 1024 * 1024;
const BACKLOG = 1_024;

/**
 * Serves calls on a unix socket until the process is told to end (SIGTERM): then calls under way are finished and no new
 * ones taken.
 */
export async function serveCalls(socketPath: string, listener: RequestListener): Promise<Server> {
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      // Connections are the gateway's to keep and to close.
      keepAliveTimeout: 0,
      headersTimeout: 0,
      requestTimeout: 0,
      insecureHTTPParser: false,
    },
    listener,
  );
  server.maxHeadersCount = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath, backlog: BACKLOG }, resolve);
  });
  process.once('SIGTERM', () => endWith(server));
  return server;
}

function endWith(server: Server): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}
