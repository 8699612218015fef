import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate lies, to be trusted. */
  readonly file: string;
}

/** A self-signed certificate for 127.0.0.1 or for another name; undefined where there is no openssl. */
export function selfSigned(name = 'IP:127.0.0.1'): Certificate | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', '/CN=bmc', '-addext', `subjectAltName=${name}`, '-keyout', key, '-out', cert],
  ]);
  if (made.status !== 0) return undefined;
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const USER = 'meter';
const PASSWORD = 'ohm-law';

/** A Redfish service over real HTTPS: resources by path, sessions and basic authentication, and faults on demand. */
export class RedfishServer {
  /** By path without a slash at the end; a function is an answer of its own. */
  readonly resources: Record<string, unknown>;
  /** Sessions that are open, by token. */
  readonly sessions = new Map<string, string>();
  readonly requests: string[] = [];
  /** As HPE's iLO: paths end with a slash, and one without is sent there. */
  slashes = false;
  #logins = 0;
  readonly #server: Server;

  constructor(certificate: Certificate, resources: Record<string, unknown>) {
    this.resources = resources;
    this.#server = createServer(certificate, (request, response) => this.#answer(request, response));
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    const send = (status: number, body?: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const path = url.replace(/\/$/, '');
    const resource = this.resources[path];
    if (this.slashes && !url.endsWith('/')) send(308, undefined, { Location: `${url}/` });
    else if (method === 'POST' && path === '/redfish/v1/SessionService/Sessions') this.#logIn(request, send);
    else if (path !== '/redfish/v1' && !this.#allowed(request)) send(401, { error: {} });
    else if (method === 'DELETE') send(this.#logOut(path) ? 204 : 404);
    else if (typeof resource === 'function') (resource as Handler)(request, response);
    else if (resource === undefined) send(404, { error: {} });
    else send(200, resource);
  }

  #logOut(path: string): boolean {
    const [token] = [...this.sessions].find(([, place]) => place === path) ?? [];
    return token !== undefined && this.sessions.delete(token);
  }

  #logIn(
    request: IncomingMessage,
    send: (status: number, body?: unknown, headers?: Record<string, string>) => void,
  ): void {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const given = JSON.parse(body) as { UserName?: unknown; Password?: unknown };
      if (given.UserName !== USER || given.Password !== PASSWORD) {
        send(401, { error: {} });
        return;
      }
      const id = ++this.#logins;
      const place = `/redfish/v1/SessionService/Sessions/${id}`;
      this.sessions.set(`token-${id}`, place);
      // An address with the service's own idea of its name, as iLO gives it.
      send(201, { '@odata.id': place }, { 'X-Auth-Token': `token-${id}`, Location: `https://bmc${place}` });
    });
  }

  #allowed(request: IncomingMessage): boolean {
    const token = request.headers['x-auth-token'];
    const basic = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    return request.headers.authorization === basic || this.sessions.has(String(token));
  }
}
