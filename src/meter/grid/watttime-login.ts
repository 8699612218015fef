import { z } from 'zod';
import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';
import { type AskOptions, ask } from './ask.js';

/** A token lives for 30 minutes; it is renewed before that, so that no request begins with one that ends on its way. */
const TOKEN_SECONDS = 28 * 60;
/** A password that was refused is not sent again for this long. */
const REFUSED_SECONDS = 300;

const loginSchema = z.object({ token: z.string().min(1) });

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Tokens of WattTime, by user and password: one login at a time, however many ask. */
export class WattTimeLogin {
  readonly #clock: Clock;
  readonly #url: URL;
  readonly #credentials: Credentials;
  readonly #options: AskOptions;
  #token: Promise<string> | undefined;
  #until = 0;

  constructor(url: URL, credentials: Credentials, options: AskOptions) {
    this.#clock = options.clock;
    this.#url = url;
    this.#credentials = credentials;
    this.#options = options;
  }

  token(): Promise<string> {
    if (this.#token !== undefined && this.#clock.now() < this.#until) return this.#token;
    const token = this.#logIn();
    this.#token = token;
    this.#until = this.#clock.now() + TOKEN_SECONDS;
    token.catch((error: unknown) => {
      if (this.#token !== token) return;
      const refused = error instanceof WattloopError && error.code === ErrorCode.permissionDenied;
      this.#until = refused ? this.#clock.now() + REFUSED_SECONDS : 0;
    });
    return token;
  }

  /** A token that the service no longer takes. Others may have renewed it already. */
  async forget(token: string): Promise<void> {
    const current = this.#token;
    if ((await current) === token && this.#token === current) this.#token = undefined;
  }

  async #logIn(): Promise<string> {
    const { user, password } = this.#credentials;
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    const secrets = [...this.#options.secrets, basic];
    const headers = { authorization: `Basic ${basic}` };
    const { status, body, detail } = await ask(this.#url, headers, { ...this.#options, secrets });
    const token = loginSchema.safeParse(body).data?.token;
    if (status === 200 && token !== undefined) return token;
    const said = detail === '' || status === 200 ? `status ${status}` : `status ${status}: ${detail}`;
    if (status === 401 || status === 403) {
      throw new WattloopError(
        ErrorCode.permissionDenied,
        `WattTime refused the user or the password (${said})`,
        {
          remedy: 'Check carbon.watttime.user and carbon.watttime.password',
        },
      );
    }
    throw new WattloopError(ErrorCode.sourceFailed, `WattTime gave no token (${said})`, {
      remedy: 'Check carbon.watttime.url',
    });
  }
}
