import { readFileSync } from 'node:fs';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import { link } from './json.js';
import type { LoginGuard } from './login-guard.js';
import { type Answer, type RedfishSettings, Transport } from './transport.js';

export const SERVICE_ROOT = '/redfish/v1/';
const SESSIONS = '/redfish/v1/SessionService/Sessions';
const REDIRECTS = 3;
interface Session {
  readonly token: string;
  /** Where it is deleted. */
  readonly path: string | undefined;
}

const fail = (code: ErrorCode, message: string, remedy: string, cause?: unknown): WattloopError =>
  new WattloopError(code, `redfish: ${message}`, { remedy, cause });

/** The resources of one Redfish service, by user and password or by a session that it logs in for and out of. */
export class RedfishClient {
  readonly #host: Host;
  readonly #settings: RedfishSettings;
  readonly #base: URL;
  readonly #transport: Transport;
  #session: Promise<Session> | undefined;
  readonly #guard: LoginGuard;

  constructor(host: Host, settings: RedfishSettings, url: string, guard: LoginGuard) {
    this.#guard = guard;
    this.#host = host;
    this.#settings = settings;
    this.#base = new URL(url);
    if (this.#base.protocol === 'http:' && !settings.insecure) {
      throw fail(
        ErrorCode.badConfiguration,
        `${url}: over http the password would be readable by anyone on the way`,
        'Use https, or set sources.redfish.insecure: true',
      );
    }
    this.#transport = new Transport(host.clock, settings, this.#base);
  }

  /** The resource at a path. A session that has expired is renewed once. */
  async get(path: string): Promise<unknown> {
    const session = this.#usesSession ? this.#logIn() : undefined;
    let answer = await this.#send('GET', path, this.#authorization(await session));
    if (answer.status === 401 && session !== undefined) {
      // Unless another request has renewed it already.
      if (this.#session === session) this.#session = undefined;
      this.#host.log.debug('redfish: the session has ended, logging in again');
      answer = await this.#send('GET', path, this.#authorization(await this.#logIn()));
    }
    if (answer.status !== 200) throw this.#refusal(path, answer);
    try {
      return JSON.parse(answer.body);
    } catch (error) {
      throw fail(
        ErrorCode.instrumentFailed,
        `${this.#base.host}${path}: the answer is not JSON: ${JSON.stringify(answer.body.slice(0, 40))}`,
        'Check that sources.redfish.url is the address of a Redfish service',
        error,
      );
    }
  }

  /** Logs out: controllers allow few sessions, and keep one that is left behind for half an hour. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    if (session?.path !== undefined) {
      await this.#send('DELETE', session.path, this.#authorization(session)).catch((error: unknown) =>
        this.#host.log.debug('redfish: could not log out', { error: messageOf(error) }),
      );
    }
    this.#transport.close();
  }

  get #usesSession(): boolean {
    return this.#settings.auth === 'session' && this.#settings.user !== undefined;
  }

  #password(): string {
    const { password, password_file: file } = this.#settings;
    if (file === undefined) return password ?? '';
    try {
      return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '';
    } catch (error) {
      throw fail(
        ErrorCode.badConfiguration,
        `sources.redfish.password_file: ${messageOf(error)}`,
        'Name a readable file that holds the password in its first line',
        error,
      );
    }
  }

  #authorization(session: Session | undefined): Record<string, string> {
    if (session) return { 'X-Auth-Token': session.token };
    const { user } = this.#settings;
    if (user === undefined) return {};
    this.#guard.check();
    return { Authorization: `Basic ${Buffer.from(`${user}:${this.#password()}`).toString('base64')}` };
  }

  /** One login at a time, however many ask for it. */
  #logIn(): Promise<Session> {
    if (this.#session !== undefined) return this.#session;
    const session = this.#newSession();
    this.#session = session;
    session.catch(() => {
      if (this.#session === session) this.#session = undefined;
    });
    return session;
  }

  async #newSession(): Promise<Session> {
    this.#guard.check();
    // The root is for everyone to read, and says where sessions are made: with or without a slash at the end.
    const root = await this.#send('GET', SERVICE_ROOT, {});
    const sessions = link(safeJson(root.body), 'Links', 'Sessions') ?? SESSIONS;
    const credentials = JSON.stringify({ UserName: this.#settings.user, Password: this.#password() });
    const answer = await this.#send('POST', sessions, { 'Content-Type': 'application/json' }, credentials);
    const token = answer.headers['x-auth-token'];
    if (answer.status < 300 && typeof token === 'string') {
      const place = answer.headers.location ?? link(safeJson(answer.body));
      // Only the path: a controller puts its own idea of its name before it.
      return { token, path: place === undefined ? undefined : new URL(place, this.#base).pathname };
    }
    // HPE's iLO says 400 of a wrong password.
    if (answer.status === 400 || answer.status === 401) throw this.#guard.refuse(this.#base.host);
    if (answer.status === 404 || answer.status === 405 || answer.status === 501) {
      throw fail(
        ErrorCode.instrumentFailed,
        `${this.#base.host} makes no sessions (status ${answer.status})`,
        'Set sources.redfish.auth: basic',
      );
    }
    throw this.#refusal(sessions, answer);
  }

  #refusal(path: string, answer: Answer): WattloopError {
    const where = `${this.#base.host}${path}`;
    switch (answer.status) {
      case 401:
        return this.#guard.refuse(this.#base.host);
      case 403:
        return fail(
          ErrorCode.permissionDenied,
          `${where}: the user has too few rights, or the controller has no session left`,
          'Give the user the right to log in and read (ReadOnly), or end sessions that nobody uses',
        );
      case 404:
        return fail(ErrorCode.notFound, `${where}: no such resource`, 'Check sources.redfish.url');
      case 503: {
        const after = answer.headers['retry-after'];
        return fail(
          ErrorCode.instrumentFailed,
          `${where}: the controller is busy (503${after === undefined ? '' : `, asks to wait ${after} s`})`,
          'It is tried again at the next poll',
        );
      }
      default:
        return fail(
          ErrorCode.instrumentFailed,
          `${where}: status ${answer.status}`,
          'See the log of the controller',
        );
    }
  }

  async #send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer> {
    let url = new URL(path, this.#base);
    for (let hop = 0; ; hop++) {
      // A link to elsewhere would be sent the password.
      if (url.origin !== this.#base.origin) {
        throw fail(
          ErrorCode.instrumentFailed,
          `${this.#base.host} refers to another address, ${url.origin}`,
          'Set sources.redfish.url to that address if it is the right one',
        );
      }
      const all = { Accept: 'application/json', 'OData-Version': '4.0', ...headers };
      const answer = await this.#transport.send({
        method,
        url,
        headers: body === undefined ? all : { ...all, 'Content-Length': String(Buffer.byteLength(body)) },
        ...(body !== undefined && { body }),
      });
      const { location } = answer.headers;
      const moved = [301, 302, 307, 308].includes(answer.status) && location !== undefined;
      if (!moved || hop === REDIRECTS) return answer;
      url = new URL(location, url);
    }
  }
}

function safeJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
