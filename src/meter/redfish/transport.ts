import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { type Clock, ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';
import type { Settings } from '../../model/index.js';

export type RedfishSettings = Settings['sources']['redfish'];

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;
/** Controllers have little memory: more connections at once make them slower, not faster. */
const CONNECTIONS = 2;

/** Why TLS was refused, by the code of Node.js. */
const TLS_REFUSALS: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'its certificate is self-signed',
    'Save the certificate and set sources.redfish.ca_file, or set sources.redfish.insecure: true',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'its certificate comes from an authority that is not known here',
    'Set sources.redfish.ca_file to the certificate of that authority',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'its certificate comes from an authority that is not known here',
    'Set sources.redfish.ca_file to the certificate of that authority',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'its certificate comes from an authority that is not known here',
    'Set sources.redfish.ca_file to the certificate of that authority',
  ],
  CERT_HAS_EXPIRED: [
    'its certificate has expired',
    'Renew it at the controller, or set sources.redfish.insecure: true',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Use the name that the certificate bears in sources.redfish.url, or set sources.redfish.insecure: true',
  ],
};

function failure(url: URL, error: unknown): WattloopError {
  if (error instanceof WattloopError) return error;
  const code = systemCode(error) ?? '';
  const refusal = TLS_REFUSALS[code];
  if (refusal) {
    const [why, remedy] = refusal;
    return new WattloopError(ErrorCode.instrumentFailed, `redfish: ${url.host} is not trusted: ${why}`, {
      remedy,
      cause: error,
    });
  }
  const remedy = /^(ERR_SSL|EPROTO)/.test(code)
    ? 'There may be no TLS at that port: check sources.redfish.url'
    : 'Check sources.redfish.url, and that the controller is switched on and reachable from here';
  return new WattloopError(ErrorCode.instrumentFailed, `redfish: ${url.host}: ${messageOf(error) || code}`, {
    remedy,
    cause: error,
  });
}

function readCertificates(file: string): string[] {
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch (error) {
    throw new WattloopError(ErrorCode.badConfiguration, `sources.redfish.ca_file: ${messageOf(error)}`, {
      remedy: 'Name a readable PEM file',
      cause: error,
    });
  }
}

/** Sends requests over a few connections that are kept. Knows nothing of sessions and resources. */
export class Transport {
  readonly #clock: Clock;
  readonly #timeoutSeconds: number;
  readonly #agent: HttpAgent;
  readonly #request: typeof httpsRequest;

  constructor(clock: Clock, settings: RedfishSettings, url: URL) {
    this.#clock = clock;
    this.#timeoutSeconds = settings.timeout_seconds;
    const keep = { keepAlive: true, maxSockets: CONNECTIONS };
    const tls = url.protocol === 'https:';
    this.#request = tls ? httpsRequest : httpRequest;
    this.#agent = tls
      ? new TlsAgent({
          ...keep,
          rejectUnauthorized: !settings.insecure,
          ...(settings.ca_file !== undefined && { ca: readCertificates(settings.ca_file) }),
        })
      : new HttpAgent(keep);
  }

  /** Rejects with a WattloopError when there is no answer; any status is an answer. */
  async send(exchange: Exchange): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(exchange);
      } catch (error) {
        // The service closed a kept connection just as it was used: it has not seen the request.
        const stale = error instanceof StaleConnection;
        if (!stale || attempt > CONNECTIONS) throw failure(exchange.url, stale ? error.cause : error);
      }
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once({ method, url, headers, body }: Exchange): Promise<Answer> {
    const over = new AbortController();
    return new Promise<Answer>((resolve, reject) => {
      const request = this.#request(url, { method, headers, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_LIMIT_BYTES) request.destroy(new Error(`more than ${ANSWER_LIMIT_BYTES} bytes`));
          chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      request.on('error', (error) => {
        const reset = request.reusedSocket && systemCode(error) === 'ECONNRESET';
        reject(reset && method === 'GET' ? new StaleConnection(error) : error);
      });
      void this.#clock.sleep(this.#timeoutSeconds, over.signal).then(() => {
        if (over.signal.aborted) return;
        const late = new WattloopError(
          ErrorCode.instrumentFailed,
          `redfish: ${url.host}: no answer within ${this.#timeoutSeconds} s`,
          { remedy: 'Check sources.redfish.url, or raise sources.redfish.timeout_seconds' },
        );
        reject(late);
        request.destroy(late);
      });
      request.end(body);
    }).finally(() => over.abort());
  }
}

class StaleConnection extends Error {
  constructor(cause: unknown) {
    super('stale connection', { cause });
  }
}
