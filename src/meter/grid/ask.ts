import { type Clock, ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';

export type Fetch = typeof fetch;

export interface AskOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timeoutSeconds: number;
  /** Who is asked, as messages name it. */
  readonly who: string;
  /** What must never be told: taken out of whatever the service says. */
  readonly secrets: readonly string[];
}

export interface ServiceAnswer {
  readonly status: number;
  /** What the body holds as JSON, or undefined. */
  readonly body: unknown;
  /** What the service says for itself, on one line, without secrets. */
  readonly detail: string;
}

const ATTEMPTS = 3;
const FIRST_PAUSE_SECONDS = 1;
/** A service that wants a longer pause gets it, but the caller isn't kept waiting. */
const LONGEST_PAUSE_SECONDS = 30;
const TOO_MANY_REQUESTS = 429;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function detailOf(text: string, body: unknown, secrets: readonly string[]): string {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const said = [fields.error, fields.message].filter((part) => typeof part === 'string').join(': ');
  const line = (said === '' ? text : said).replace(/\s+/g, ' ').trim();
  return secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '…'), line)
    .slice(0, 200);
}

/** Seconds that a `Retry-After` asks for: it holds a number or a date. */
function retryAfter(header: string | null, clock: Clock): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : Date.parse(header) / 1e3 - clock.wall();
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function why(error: unknown, timeoutSeconds: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return systemCode(cause) ?? messageOf(cause);
}

/**
 * Asks a service for JSON. One that is busy, broken or out of reach is asked again, after the pause that it wants or one
 * that doubles; any other answer is the caller's to judge.
 */
export async function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: AskOptions,
): Promise<ServiceAnswer> {
  const { fetch, clock, timeoutSeconds, who, secrets } = options;
  for (let attempt = 1; ; attempt++) {
    let problem: string;
    let pause = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1);
    try {
      const signal = AbortSignal.timeout(timeoutSeconds * 1e3);
      const response = await fetch(url, {
        headers: { accept: 'application/json', ...headers },
        signal,
        // A token must not follow to another address.
        redirect: 'error',
      });
      const text = await response.text();
      const body = json(text);
      const detail = detailOf(text, body, secrets);
      const { status } = response;
      if (status !== TOO_MANY_REQUESTS && status < 500) return { status, body, detail };
      problem = `status ${status}${detail === '' ? '' : `: ${detail}`}`;
      pause = retryAfter(response.headers.get('retry-after'), clock) ?? pause;
    } catch (error) {
      problem = why(error, timeoutSeconds);
    }
    if (attempt === ATTEMPTS || pause > LONGEST_PAUSE_SECONDS) {
      const wait = pause > LONGEST_PAUSE_SECONDS ? `It asks to wait ${Math.ceil(pause)} s. ` : '';
      throw new WattloopError(ErrorCode.sourceFailed, `${who}: ${url.origin}${url.pathname}: ${problem}`, {
        remedy: `${wait}Check that this machine reaches ${url.host}, or set carbon.region or carbon.intensity_g_per_kwh instead`,
      });
    }
    await clock.sleep(pause);
  }
}
