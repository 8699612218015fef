import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** An HTTP server on a port of its own; what its answer throws becomes a 500. */
export async function startLocalServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
): Promise<LocalServer> {
  const server = createServer((request, response) => {
    void (async () => answer(request, response))().catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What a Range header asks for of so many bytes. */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | 'beyond' | undefined {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  if (start >= sizeBytes) return 'beyond';
  return { start, end: to ? Math.min(Number(to) + 1, sizeBytes) : sizeBytes };
}

/** A page of names in the order of their bytes, and the token of the next one. */
export function pageOf(
  names: Iterable<string>,
  { prefix, token, size }: { prefix: string; token: string | null; size: number },
): { page: string[]; next: string | undefined } {
  const after = Buffer.from(token ?? '', 'base64');
  const found = [...names]
    .filter((name) => name.startsWith(prefix) && Buffer.compare(Buffer.from(name), after) > 0)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const page = found.slice(0, size);
  const last = page.at(-1);
  const next = found.length > size && last !== undefined ? Buffer.from(last).toString('base64') : undefined;
  return { page, next };
}
