import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** HTTP basic authentication against one user. What is compared takes the same time whatever was sent. */
export class BasicAuth {
  readonly #expected: Buffer;

  constructor(user: string, password: string) {
    this.#expected = digest(`${user}:${password}`);
  }

  allows(request: IncomingMessage): boolean {
    const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ', 2);
    if (scheme.toLowerCase() !== 'basic') return false;
    return timingSafeEqual(digest(Buffer.from(credentials, 'base64').toString('utf8')), this.#expected);
  }

  refuse(response: ServerResponse): void {
    const body = 'invalid credentials: /system asks for a user and a password\n';
    response.writeHead(401, {
      'www-authenticate': 'Basic realm="Restricted"',
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      ...(!response.req.complete && { connection: 'close' }),
    });
    response.end(body);
  }
}
