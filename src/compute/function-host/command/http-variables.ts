import type { IncomingMessage } from 'node:http';

/** The kernel takes no longer argument or variable (MAX_ARG_STRLEN), nor one with a zero in it. */
const LONGEST_BYTES = 128 * 1024;

/** What a command is told of its call, as the classic watchdog tells it. */
export function httpVariables(request: IncomingMessage): Record<string, string> {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  const variables: Record<string, string> = {
    Http_Method: request.method ?? 'GET',
    Http_Path: query < 0 ? url : url.slice(0, query),
    Http_Query: query < 0 ? '' : url.slice(query + 1),
  };
  const length = request.headers['content-length'];
  if (length !== undefined) variables.Http_ContentLength = length;
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    const line = `Http_${canonical(name)}`;
    if (line.length + text.length + 2 <= LONGEST_BYTES && !text.includes('\0')) variables[line] = text;
  }
  return variables;
}

/** `x-call-id` is `X_Call_Id`. */
const canonical = (name: string): string =>
  name
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('_');
