import type { ServerResponse } from 'node:http';

export function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** As Google's servers put it. */
export function sendError(response: ServerResponse, code: number, message: string): void {
  const reason = code === 404 ? 'notFound' : code === 412 ? 'conditionNotMet' : 'invalid';
  sendJson(response, { error: { code, message, errors: [{ message, domain: 'global', reason }] } }, code);
}
