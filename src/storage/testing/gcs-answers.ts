import type { IncomingMessage, ServerResponse } from 'node:http';

export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** As Google's servers put it. */
export function sendError(response: ServerResponse, code: number, message: string): void {
  const reason = code === 404 ? 'notFound' : code === 412 ? 'conditionNotMet' : 'invalid';
  sendJson(response, { error: { code, message, errors: [{ message, domain: 'global', reason }] } }, code);
}

/** What a Range header asks for of so many bytes. */
export function httpRange(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | 'beyond' | undefined {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined) return undefined;
  const start = Number(from);
  if (start >= sizeBytes) return 'beyond';
  return { start, end: to ? Math.min(Number(to) + 1, sizeBytes) : sizeBytes };
}
