import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';

export type Fetch = typeof fetch;

export interface HttpOptions {
  readonly fetch: Fetch;
  readonly timeoutSeconds: number;
  /** Who is asked, as messages name it: `kepler`. */
  readonly who: string;
  readonly accept: string;
}

const STATUS_REMEDIES: Readonly<Record<number, string>> = {
  401: 'Put the credentials into the address: http://USER:PASSWORD@HOST:PORT/…',
  403: 'The server refuses this client: check its access rules',
  404: 'Check the path of the address: metrics are usually below /metrics',
};

const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** An address without its credentials, for messages. */
export function publicUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

export function parseUrl(text: string, setting: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new WattloopError(ErrorCode.badConfiguration, `${setting}: "${text}" is not an http address`, {
    remedy: 'Write it as http://HOST:PORT/PATH',
  });
}

function unreachable(error: unknown, url: URL, options: HttpOptions): WattloopError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const code = systemCode(cause);
  const why = timedOut ? `no answer within ${options.timeoutSeconds} s` : (code ?? messageOf(cause));
  const remedy =
    code === 'ECONNREFUSED'
      ? `Start ${options.who}, or correct the address`
      : `Check that it answers: curl ${publicUrl(url)}`;
  return new WattloopError(ErrorCode.sourceFailed, `${options.who}: ${publicUrl(url)}: ${why}`, {
    remedy,
    cause: error,
  });
}

const codeOf = (error: unknown): string | undefined =>
  systemCode(error instanceof Error ? (error.cause ?? error) : error);

/** A server may close a connection that was kept for the next poll just as it is used again: once more, then. */
async function patiently<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!CLOSED.has(codeOf(error) ?? '')) throw error;
    return request();
  }
}

/** The text at an address. The time limit covers the body too. */
export async function fetchText(url: URL, options: HttpOptions): Promise<string> {
  // fetch refuses addresses that hold credentials, so they travel as the header that they stand for.
  const target = publicUrl(url);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const headers = { accept: options.accept, ...(url.username === '' ? {} : { authorization }) };
  let response: Response;
  let text: string;
  try {
    [response, text] = await patiently(async () => {
      const signal = AbortSignal.timeout(options.timeoutSeconds * 1e3);
      const answer = await options.fetch(target, { headers, signal });
      return [answer, await answer.text()];
    });
  } catch (error) {
    throw unreachable(error, url, options);
  }
  if (response.ok) return text;
  const detail = text.trim().split('\n')[0]?.slice(0, 200) ?? '';
  throw new WattloopError(
    ErrorCode.sourceFailed,
    `${options.who}: ${target}: status ${response.status}${detail === '' ? '' : `: ${detail}`}`,
    { remedy: STATUS_REMEDIES[response.status] ?? 'Look into the log of the server' },
  );
}
