import { request } from 'undici';
import type { z } from 'zod';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import type { Trace } from '../../model/index.js';
import { footprintsSchema, type GatewayFootprints, gatewayTrace, traceSchema } from './gateway-documents.js';

const PATIENCE_MILLISECONDS = 30_000;
const PATH = '/wattloop/v1';

/** What a Wattloop gateway knows of the time of a load. Another server knows nothing, and that is no error. */
export class GatewayApi {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** Name and password, where the address has them, go with every question. */
  constructor(gateway: URL) {
    const { origin, pathname, username, password } = gateway;
    this.#base = `${origin}${pathname.replace(/\/$/, '')}${PATH}`;
    const secret = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    this.#headers = username === '' ? {} : { authorization: `Basic ${secret.toString('base64')}` };
  }

  /** Undefined where the server is no Wattloop gateway. Times are seconds since 1970. */
  footprints(from: number, to: number): Promise<GatewayFootprints | undefined> {
    return this.#ask(`footprints?from=${from}&to=${to}`, footprintsSchema);
  }

  async trace(from: number, to: number): Promise<Trace | undefined> {
    const document = await this.#ask(`trace?from=${from}&to=${to}`, traceSchema);
    return document && gatewayTrace(document);
  }

  async #ask<Schema extends z.ZodType>(
    question: string,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const address = `${this.#base}/${question}`;
    let status: number;
    let text: string;
    try {
      const answer = await request(address, {
        headers: this.#headers,
        headersTimeout: PATIENCE_MILLISECONDS,
        bodyTimeout: PATIENCE_MILLISECONDS,
      });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch (error) {
      throw unusable(address, messageOf(error), error);
    }
    if (status === 401 || status === 403) throw unusable(address, `the gateway answered ${status}`);
    if (status !== 200) return undefined;
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }
}

const unusable = (address: string, why: string, cause?: unknown): WattloopError =>
  new WattloopError(ErrorCode.sourceFailed, `could not ask ${address}: ${why}`, {
    remedy:
      'The log of the gateway says more; a name and a password go into its address: http://admin:secret@…',
    cause,
  });
