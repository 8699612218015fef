import { createServer, type RequestListener, type Server } from 'node:http';

/** The gateway is the only caller and sets the limits; what it let through is taken. */
const MOST_HEADER_BYTES = 16 * 1024 * 1024;
const BACKLOG = 1_024;

/**
 * Serves calls on a unix socket until the process is told to end (SIGTERM): then calls under way are finished and no new
 * ones taken.
 */
export async function serveCalls(socketPath: string, listener: RequestListener): Promise<void> {
  let isEnding = false;
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      // Connections are the gateway's to keep and to close.
      keepAliveTimeout: 0,
      headersTimeout: 0,
      requestTimeout: 0,
    },
    (request, response) => {
      response.once('close', () => {
        // A connection that is kept open would keep a server open that has been closed.
        if (isEnding) setImmediate(() => server.closeIdleConnections());
      });
      listener(request, response);
    },
  );
  server.maxHeadersCount = 0;
  await listening(server, socketPath);
  process.once('SIGTERM', () => {
    isEnding = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: BACKLOG }, resolve);
  });
}
