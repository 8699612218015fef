import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The caller sent something that can't be taken. */
export class BadCall extends Error {
  override readonly name = 'BadCall';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The whole body, or a BadCall (413) when it is larger than may be held in memory. */
export function collect(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      // The rest is read and dropped, so that the caller comes to hear of it.
      chunks.length = 0;
      reject(tooLarge(limitBytes));
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)),
    );
    const gone = (): void => reject(new BadCall(400, 'the caller went away before its body had come'));
    request.on('error', gone);
    request.on('close', gone);
  });
}

const tooLarge = (limitBytes: number): BadCall =>
  new BadCall(
    413,
    `the body is larger than the ${Math.round(limitBytes / 1024 ** 2)} MiB that this function holds in memory (config.maxBodyMib; config.body "stream" has no limit)`,
  );

const JSON_TYPE = /^[^;]*[/+]json\b/i;
const TEXT_TYPE = /^\s*(text\/|application\/(x-www-form-urlencoded|xml|javascript)|[^;]+\+xml)/i;

/** What a body is, by what its caller says it is. Throws a BadCall (400) for JSON that is none. */
export function parseBody(headers: IncomingHttpHeaders, bytes: Buffer): unknown {
  const type = headers['content-type'] ?? 'text/plain';
  if (JSON_TYPE.test(type)) {
    try {
      return JSON.parse(bytes.toString('utf8')) as unknown;
    } catch (error) {
      throw new BadCall(400, `the body is not JSON, as its content-type says: ${(error as Error).message}`);
    }
  }
  return TEXT_TYPE.test(type) ? bytes.toString('utf8') : bytes;
}
